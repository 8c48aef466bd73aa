import { defineConfig } from 'vitest/config';

/** `npm run test:scale`: several nodes, a standby that is promoted, and PgBouncer where it is installed. Takes about a minute. */
export default defineConfig({
  test: {
    include: ['test/scale/*.scale.ts'],
    globalSetup: ['test/scale/setup.ts'],
    setupFiles: ['test/support/compile-cache.ts'],
    env: { NODE_ENV: 'test' },
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
});
