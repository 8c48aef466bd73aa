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

/** Their tests declare fields, which no other may find in the schema. */
const declaring = 'test/{app,features/topics,testing}';

type Files = { readonly ending: string; readonly exclude?: string[]; readonly globalSetup?: string[] };

/** The files that declare nothing share a product that each worker loads once; the others load it anew, one by one. */
const projects = (name: string, { ending, exclude = [], globalSetup = [] }: Files) => [
  {
    test: {
      ...shared,
      name,
      isolate: false,
      include: [`{app,test}/**/*${ending}`],
      exclude: [...exclude, `${declaring}/**`],
      globalSetup,
    },
  },
  { test: { ...shared, name: `${name}-declaring`, include: [`${declaring}/**/*${ending}`], exclude, globalSetup } },
];

const onDatabase = (name: 'postgres' | 'pglite', other: 'postgres' | 'pglite') =>
  projects(name, {
    ending: '.test.ts',
    exclude: ['**/*.unit.test.ts', `**/*.${other}.test.ts`],
    globalSetup: [`test/support/database/${name}.setup.ts`],
  });

/**
 * Every test that the database has a part in runs twice: on a real PostgreSQL, and on the embedded PGlite that newcomers start with.
 * `*.postgres.test.ts` and `*.pglite.test.ts` are about one of them, or about what is in front of both; `*.unit.test.ts` need none.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [...projects('unit', { ending: '.unit.test.ts' }), ...onDatabase('postgres', 'pglite'), ...onDatabase('pglite', 'postgres')],
  },
});
