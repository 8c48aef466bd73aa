import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The URL of another database on the same server. */
export function onServer(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Makes a database with a fresh name. @param template copied when given; nobody may be connected to it. */
export async function createDatabase(server: string, template?: string | null): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}${template ? ` template ${template}` : ''}`);
  return name;
}

export const dropDatabase = (server: string, name: string): Promise<void> => administer(server, `drop database ${name} with (force)`);

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
