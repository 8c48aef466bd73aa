type Options = { readonly milliseconds: number /** Things that are told of in that time. */; readonly most: number };

/** Says whether a thing is worth a line in the log: once in so many milliseconds, so that strangers cannot flood it. */
export function createSeldom({ milliseconds, most }: Options): (thing: string) => boolean {
  const told = new Set<string>();
  let since = performance.now();
  return (thing) => {
    if (performance.now() - since > milliseconds) {
      told.clear();
      since = performance.now();
    }
    if (told.has(thing) || told.size >= most) return false;
    told.add(thing);
    return true;
  };
}
