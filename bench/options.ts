import { InvalidArgumentError } from 'commander';

/** A whole number on the command line, 1 or more. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}
