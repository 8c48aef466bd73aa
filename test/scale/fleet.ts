import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { runSql, type Site } from '../faults/site.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { onServer } from '../support/database/postgres.ts';
import type { PostgresServer } from '../support/database/postgres-server.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';

/** Three nodes on one database. */
export type Fleet = {
  readonly nodes: readonly TestApp[];
  /** What points them at their database. */
  readonly env: Record<string, string>;
  /** The nodes behind one address, taking turns by connection. */
  readonly site: Pick<Site, 'url' | 'sql'>;
  readonly close: () => Promise<void>;
};

/** @param env where the database is, and the rest of the nodes' configuration */
export async function startFleet(env: Record<string, string>): Promise<Fleet> {
  const on = { env: { DATA_DIR: '' }, isEmbedded: false, drop: async () => {} };
  const nodes = await Promise.all(['A', 'B', 'C'].map(() => createTestApp({ on, env: { LOG_LEVEL: 'warn', ...env } })));
  const balancer = await startTcpProxy(...nodes.map(({ url }) => Number(new URL(url).port)));
  const sql: Site['sql'] = (statement, values) => runSql(env.DATABASE_DIRECT_URL ?? env.DATABASE_URL ?? '', statement, values);
  const close = async () => {
    await balancer.cut();
    await Promise.all(nodes.map((node) => node.close()));
  };
  return { nodes, env, site: { url: `http://127.0.0.1:${balancer.port}`, sql }, close };
}

/** Makes a migrated database. Returns its URL. */
export async function createMigrated({ url }: PostgresServer): Promise<string> {
  const databaseUrl = onServer(url, 'app');
  await runSql(url, 'create database app');
  const { orm, close } = await openDatabase({ features, databaseUrl, databasePoolMax: 1, dataDir: '' });
  await migrate(orm);
  await close();
  return databaseUrl;
}

/** The same database at another port, where something stands in between. */
export const atPort = (databaseUrl: string, port: number): string => Object.assign(new URL(databaseUrl), { port: String(port) }).href;
