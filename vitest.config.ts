import { defineConfig } from 'vitest/config';

const suite = (name: 'postgres' | 'pglite', other: 'postgres' | 'pglite') => ({
  test: {
    name,
    include: ['test/**/*.test.ts'],
    exclude: [`test/**/*.${other}.test.ts`],
    globalSetup: [`test/support/${name}.setup.ts`],
    env: { NODE_ENV: 'test' },
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
