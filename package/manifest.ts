/** What is read of the clone's package.json. */
export type CloneManifest = {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  /** From a name to a source, as in `./src/index.ts`. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What `src/supported-node.js` lets pass. */
const NODE = '>=22.18.0 <23 || >=23.6.0';

/** What an app imports too, or what must not be there twice: two copies know nothing of each other's plugins and classes. */
const isPeer = (name: string): boolean => /^(graphql|graphql-yoga|@pothos\/.+|@mikro-orm\/.+)$/.test(name);

/** MikroORM's packages pin each other, Kysely and PGlite, so any other version of one would ask for another of all. */
const rangeOf = (name: string, version: string): string => (name.startsWith('@mikro-orm/') ? version : `^${version}`);

/** The package.json of what is published: nothing that runs at an install, no Node of its own, nothing for development. */
export function manifestOf({ name, version, license, description, exports, dependencies }: CloneManifest) {
  const all = Object.entries(dependencies);
  return {
    name,
    version,
    type: 'module',
    license,
    description,
    exports: { ...Object.fromEntries(Object.entries(exports).map(compiled)), './package.json': './package.json' },
    bin: { [name]: 'src/command.js' },
    engines: { node: NODE },
    dependencies: Object.fromEntries(all.filter(([each]) => !isPeer(each))),
    peerDependencies: Object.fromEntries(all.filter(([each]) => isPeer(each)).map(([each, exact]) => [each, rangeOf(each, exact)])),
  };
}

const compiled = ([name, source]: [string, string]) => [
  name,
  { types: source.replace(/\.ts$/, '.d.ts'), default: source.replace(/\.ts$/, '.js') },
];
