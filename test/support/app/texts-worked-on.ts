const methods = ['normalize', 'toLowerCase', 'toUpperCase', 'trim', 'split'] as const;

/**
 * Which long texts are normalised, changed in case, trimmed, split or matched against a regular expression while `work` is done in
 * this process.
 * @param isLong which texts to look out for
 */
export async function textsWorkedOn(isLong: (text: string) => boolean, work: () => unknown): Promise<string[]> {
  const seen: string[] = [];
  const note = (how: string, text: unknown) => typeof text === 'string' && isLong(text) && seen.push(`${how}: ${text.slice(0, 100)}`);
  const restorers = methods.map((name) =>
    replace(String.prototype, name, (target, text, args) => {
      note(name, text);
      return Reflect.apply(target, text, args);
    }),
  );
  const restoreExec = replace(RegExp.prototype, 'exec', (target, form, args) => {
    note(String(form), args[0]);
    return Reflect.apply(target, form, args);
  });
  try {
    await work();
  } finally {
    for (const restore of [...restorers, restoreExec]) restore();
  }
  return seen;
}

type Apply = (target: () => unknown, self: unknown, args: unknown[]) => unknown;

function replace<Owner extends object>(owner: Owner, name: string & keyof Owner, apply: Apply): () => void {
  const found = Object.getOwnPropertyDescriptor(owner, name);
  if (typeof found?.value !== 'function') throw new Error(`there is no ${name}`);
  Object.defineProperty(owner, name, { ...found, value: new Proxy(found.value, { apply }) });
  return () => Object.defineProperty(owner, name, found);
}
