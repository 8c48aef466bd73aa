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

/**
 * What must not be there twice, because two copies know nothing of each other's plugins and classes. MikroORM is such a thing, too, but
 * cannot be a peer: its packages are each other's exact peers, and npm refuses to move all of them for an upgrade of this one.
 * `src/find-app.ts` refuses a second copy instead.
 */
const isPeer = (name: string): boolean => /^(graphql|graphql-yoga|@pothos\/.+)$/.test(name);

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
    peerDependencies: Object.fromEntries(all.filter(([each]) => isPeer(each)).map(([each, exact]) => [each, `^${exact}`])),
  };
}

const compiled = ([name, source]: [string, string]) => [
  name,
  { types: source.replace(/\.ts$/, '.d.ts'), default: source.replace(/\.ts$/, '.js') },
];
