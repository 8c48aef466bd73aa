import { defineConfig } from 'vitest/config';

/** `npm run test:ship`: what is shipped, installed and upgraded as operators do it. Takes some minutes and needs Linux, git and a registry. */
export default defineConfig({
  test: {
    include: ['test/ship/*.ship.ts'],
    setupFiles: ['test/support/compile-cache.ts'],
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
