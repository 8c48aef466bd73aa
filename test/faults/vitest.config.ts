import { defineConfig } from 'vitest/config';

/** `npm run test:faults`: harm done to real servers, one after the other. Takes about ten minutes. */
export default defineConfig({
  test: {
    include: ['test/faults/*.fault.ts'],
    globalSetup: ['test/faults/report.ts'],
    setupFiles: ['test/support/compile-cache.ts'],
    env: { NODE_ENV: 'test' },
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
});
