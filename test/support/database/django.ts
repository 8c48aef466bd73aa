import { readFileSync } from 'node:fs';
import pg from 'pg';
import { inject } from 'vitest';
import { type ExportOrder, exportDjango } from '../../../src/django/export-django.ts';
import { type ImportOrder, importDjango } from '../../../src/django/import-django.ts';
import { readTableNames } from '../../../src/django/tables.ts';
import type { TestApp } from '../app/test-app.ts';
import { createDatabase, dropDatabase, onServer } from './postgres.ts';

/** A Django database of its own. */
export type DjangoDatabase = {
  readonly url: string;
  readonly sql: (statement: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  readonly drop: () => Promise<void>;
};

const fixture = readFileSync('test/fixtures/django-drf.sql', 'utf8');

/** The recorded Django site on the PostgreSQL of this run. @param empty its tables without rows */
export async function createDjangoDatabase({ empty = false } = {}): Promise<DjangoDatabase> {
  const server = inject('postgresServer');
  if (server === null) throw new Error('Django databases need a PostgreSQL');
  const name = await createDatabase(server);
  const url = onServer(server, name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(empty ? fixture.replaceAll(/^INSERT .*$/gm, '') : fixture);
  const sql = async (statement: string, values: unknown[] = []) => (await client.query(statement, values)).rows;
  const drop = async () => {
    await client.end();
    await dropDatabase(server, name);
  };
  return { url, sql, drop };
}

/** Runs an import in this process. */
export const importInto = (app: TestApp, from: Pick<DjangoDatabase, 'url'>, order: Partial<ImportOrder> = {}, advance = () => {}) =>
  importDjango(
    { em: app.database.orm.em, progress: { start: () => {}, advance, stop: () => {} } },
    { from: from.url, names: readTableNames({}), since: null, dryRun: false, ...order },
  );

/** Runs an export in this process. */
export const exportFrom = (app: TestApp, to: Pick<DjangoDatabase, 'url'>, order: Partial<ExportOrder> = {}) =>
  exportDjango(
    { em: app.database.orm.em, progress: { start: () => {}, advance: () => {}, stop: () => {} } },
    { to: to.url, names: readTableNames({}), dryRun: false, ...order },
  );
