import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, dropDatabase, onServer } from './postgres.ts';

/** Where a test's own database is: the environment that points the product at it. */
export type TestDatabase = {
  readonly env: { readonly DATABASE_URL?: string; readonly DATA_DIR: string };
  readonly isEmbedded: boolean;
  readonly drop: () => Promise<void>;
};

/** A copy of the migrated template, on whichever database this run is about. @param empty nothing migrated yet */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('postgresServer');
  const template = empty ? inject('emptyTemplate') : inject('template');
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-test-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  if (server === null) {
    if (template) cpSync(join(template, 'pglite'), join(folder, 'pglite'), { recursive: true }); // several times as fast as cp()
    return { env: { DATA_DIR: folder }, isEmbedded: true, drop: removeFolder };
  }
  const name = await createDatabase(server, template);
  const drop = async () => {
    await dropDatabase(server, name);
    await removeFolder();
  };
  return { env: { DATABASE_URL: onServer(server, name), DATA_DIR: folder }, isEmbedded: false, drop };
}
