import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import type { MigrationObject } from '@mikro-orm/core';
import type { Feature } from '../shared/feature.ts';
import { OperatorError } from '../shared/operator-error.ts';

type MigrationFile = { readonly name: string; readonly url: URL };

/** The migrations of all features, the first one first: the time in a name decides, whichever feature brings it. */
export const migrationNames = (features: readonly Feature[]): string[] => filesOf(features).map(({ name }) => name);

/** The same, loaded. @throws OperatorError when a file does not hold the class that it is named after */
export const loadMigrations = (features: readonly Feature[]): Promise<MigrationObject[]> => Promise.all(filesOf(features).map(load));

const filesOf = (features: readonly Feature[]): MigrationFile[] =>
  features.flatMap(({ migrations }) => (migrations ? filesIn(migrations) : [])).sort((a, b) => (a.name < b.name ? -1 : 1));

function filesIn(folder: URL): MigrationFile[] {
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
  const files = readdirSync(base).filter((file) => /^Migration\w+\.[jt]s$/.test(file));
  return files.map((file) => ({ name: parse(file).name, url: new URL(file, base) }));
}

async function load({ name, url }: MigrationFile): Promise<MigrationObject> {
  const module = await import(url.href);
  if (!(name in module)) throw new OperatorError(`${url.pathname} has to export a class named ${name}.`);
  return { name, class: module[name] };
}
