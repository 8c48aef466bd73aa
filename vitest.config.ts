import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** For the many processes that the tests start. */
const compileCache = fileURLToPath(new URL('./node_modules/.cache/compile', import.meta.url));

const suite = (name: 'postgres' | 'pglite', other: 'postgres' | 'pglite') => ({
  test: {
    name,
    include: ['test/**/*.test.ts'],
    exclude: [`test/**/*.${other}.test.ts`],
    globalSetup: [`test/support/${name}.setup.ts`],
    setupFiles: ['test/support/compile-cache.ts'],
    env: { NODE_ENV: 'test', NODE_COMPILE_CACHE: compileCache },
    experimental: { viteModuleRunner: false },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

/**
 * Every test runs twice: on a real PostgreSQL, and on the embedded PGlite that newcomers start with.
 * `*.postgres.test.ts` and `*.pglite.test.ts` are about one of them only.
 */
export default defineConfig({ test: { maxWorkers: 2, projects: [suite('postgres', 'pglite'), suite('pglite', 'postgres')] } });
