import { existsSync, readdirSync } from 'node:fs';
import { parse } from 'node:path';
import type { MigrationObject } from '@mikro-orm/core';
import type { Feature } from '../shared/feature.ts';
import { OperatorError } from '../shared/operator-error.ts';

type MigrationFile = { readonly name: string; readonly url: URL; readonly folder: string };

/** A migration, and the folder that it comes from. */
export type LoadedMigration = MigrationObject & Pick<MigrationFile, 'folder'>;

/** The migrations of all features, the first one first: the time in a name decides, not the feature that brings it. */
export const migrationNames = (features: readonly Feature[]): string[] => filesOf(features).map(({ name }) => name);

/** The same, loaded. @throws OperatorError when a file does not hold the class that it is named after */
export const loadMigrations = (features: readonly Feature[]): Promise<LoadedMigration[]> => Promise.all(filesOf(features).map(load));

const filesOf = (features: readonly Feature[]): MigrationFile[] =>
  features.flatMap(({ migrations }) => (migrations ? filesIn(migrations) : [])).sort((a, b) => (a.name < b.name ? -1 : 1));

function filesIn(folder: URL): MigrationFile[] {
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
  if (!existsSync(base)) return []; // the first one is yet to come
  const files = readdirSync(base).filter((file) => /^Migration\w+\.[jt]s$/.test(file));
  return files.map((file) => ({ name: parse(file).name, url: new URL(file, base), folder: base.href }));
}

async function load({ name, url, folder }: MigrationFile): Promise<LoadedMigration> {
  const module = await import(url.href);
  if (!(name in module)) throw new OperatorError(`${url.pathname} has to export a class named ${name}.`);
  return { name, class: module[name], folder };
}

const OURS = new URL('../../migrations/', import.meta.url).href;

/**
 * What an app may not do: add a migration that is older than one of the same folder that was applied. Databases made before and after
 * would run them in different orders. @returns what to tell the operator; null if all is well
 */
export function lateMigration(migrations: readonly object[], applied: ReadonlySet<string>): string | null {
  const own = migrations.filter(isLoaded).filter(({ folder }) => folder !== OURS);
  for (const { name, folder } of own) {
    const later = own.findLast((other) => other.folder === folder && other.name > name && applied.has(other.name));
    if (later && !applied.has(name)) return `${name} is older than ${later.name}, which was applied already. Give its name a later time.`;
  }
  return null;
}

const isLoaded = (migration: object): migration is LoadedMigration => 'folder' in migration;
