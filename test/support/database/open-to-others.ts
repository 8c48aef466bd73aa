import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A folder, and all in it. */
export const everythingIn = (folder: string): string[] => [
  folder,
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
];

/** What of that others than its owner may read, write or enter. */
export const openToOthers = (folder: string): string[] => everythingIn(folder).filter((path) => lstatSync(path).mode & 0o077);
