import { InvalidArgumentError } from 'commander';

/** Some of these names, with commas between. */
export const someOf =
  (names: readonly string[]) =>
  (text: string): string[] => {
    const chosen = text.split(',');
    if (!chosen.every((name) => names.includes(name))) throw new InvalidArgumentError(`It must be some of ${names}.`);
    return chosen;
  };

/** A whole number on the command line, 1 or more. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}
