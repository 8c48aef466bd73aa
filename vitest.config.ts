import { defineConfig } from 'vitest/config';

const suite = (name: 'postgres' | 'pglite') => ({
  test: {
    name,
    include: ['test/**/*.test.ts'],
    globalSetup: [`test/support/${name}.setup.ts`],
    env: { NODE_ENV: 'test' },
    experimental: { viteModuleRunner: false },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

/** Every test runs twice: on a real PostgreSQL, and on the embedded PGlite that newcomers start with. */
export default defineConfig({ test: { projects: [suite('postgres'), suite('pglite')] } });
