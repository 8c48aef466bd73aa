import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** For the many processes that the tests start. */
const compileCache = fileURLToPath(new URL('./node_modules/.cache/compile', import.meta.url));

const shared = {
  setupFiles: ['test/support/compile-cache.ts'],
  env: { NODE_ENV: 'test', NODE_COMPILE_CACHE: compileCache },
  experimental: { viteModuleRunner: false },
  pool: 'threads' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

const onDatabase = (name: 'postgres' | 'pglite', other: 'postgres' | 'pglite') => ({
  test: {
    ...shared,
    name,
    include: ['{app,test}/**/*.test.ts'],
    exclude: ['**/*.unit.test.ts', `**/*.${other}.test.ts`],
    globalSetup: [`test/support/database/${name}.setup.ts`],
  },
});

const unit = { test: { ...shared, name: 'unit', include: ['{app,test}/**/*.unit.test.ts'] } };

/**
 * Every test that the database has a part in runs twice: on a real PostgreSQL, and on the embedded PGlite that newcomers start with.
 * `*.postgres.test.ts` and `*.pglite.test.ts` are about one of them, or about what is in front of both; `*.unit.test.ts` need none.
 */
export default defineConfig({
  test: { maxWorkers: 2, projects: [unit, onDatabase('postgres', 'pglite'), onDatabase('pglite', 'postgres')] },
});
