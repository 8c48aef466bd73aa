import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { openDatabase } from '../src/database/database.ts';
import { migrate } from '../src/database/migrate.ts';
import { importDjango } from '../src/django/import-django.ts';
import { readTableNames } from '../src/django/tables.ts';
import { features } from '../src/features.ts';
import { createDatabase, dropDatabase, onServer } from '../test/support/database/postgres.ts';
import { startPostgres } from '../test/support/database/postgres-server.ts';
import { median } from './rank-test.ts';

/**
 * How much slower than COPY is an import? Takes over 100,000 users, each with a DRF token, and copies the same rows into the
 * same tables with COPY, out of one database and into another, in turns. Run with `npm run bench:import`; takes about two minutes.
 */
const USERS = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;

const server = await startPostgres();
const django = await createDatabase(server.url);
const source = new Client({ connectionString: onServer(server.url, django) });
await source.connect();
await source.query(readFileSync('test/fixtures/django-drf.sql', 'utf8').replaceAll(/^INSERT .*$/gm, ''));
await source.query(`
  insert into auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined, last_login)
  select 'pbkdf2_sha256$1000000$' || substr(md5(n::text), 1, 22) || '$' || encode(sha256(n::text::bytea), 'base64'), false, 'User_' || n,
         'First' || n, 'Last' || n, 'user' || n || '@example.com', false, true, now() - n * interval '1 minute', now()
    from generate_series(1, ${USERS}) n`);
await source.query(`
  insert into authtoken_token select substr(encode(sha256(('k' || id)::bytea), 'hex'), 1, 40), now(), id from auth_user`);
await source.query('vacuum analyze');

/** The rows that an import writes, as they will stand here. */
const usersOut = `copy (select id, username, upper(username), email, first_name, last_name, password, is_active, is_staff, is_superuser,
  date_joined, last_login from auth_user order by id) to stdout`;
const usersIn = `copy users (id, username, canonical_username, email, first_name, last_name, password_hash, is_active, is_staff, is_superuser,
  date_joined, last_login) from stdin`;
const tokensOut = `copy (select encode(sha256(key::bytea), 'hex'), user_id, 'Django', created, false from authtoken_token order by user_id) to stdout`;
const tokensIn = 'copy tokens (digest, user_id, name, created_at, slides) from stdin';

/** Seconds that `work` takes on a fresh, migrated database. */
async function time(work: (url: string) => Promise<unknown>): Promise<number> {
  const name = await createDatabase(server.url);
  const url = onServer(server.url, name);
  const database = await openDatabase({ features, databaseUrl: url, databasePoolMax: 1, dataDir: '' });
  await migrate(database.orm);
  await database.close();
  await source.query('checkpoint');
  const started = performance.now();
  await work(url);
  const seconds = (performance.now() - started) / 1000;
  await dropDatabase(server.url, name);
  return seconds;
}

async function copy(url: string): Promise<void> {
  const target = new Client({ connectionString: url });
  await target.connect();
  await pipeline(source.query(copyTo(usersOut)), target.query(copyFrom(usersIn)));
  await pipeline(source.query(copyTo(tokensOut)), target.query(copyFrom(tokensIn)));
  await target.end();
}

let highest = 0;
async function takeOver(url: string): Promise<void> {
  const database = await openDatabase({ features, databaseUrl: url, databasePoolMax: 2, dataDir: '' });
  const progress = { start: () => {}, advance: () => (highest = Math.max(highest, process.memoryUsage().rss)), stop: () => {} };
  const order = { from: onServer(server.url, django), names: readTableNames({}), since: null, dryRun: false };
  const report = await importDjango({ em: database.orm.em, progress }, order);
  await database.close();
  if (report.users.new !== USERS || report.tokens.new !== USERS) throw new Error(JSON.stringify(report));
}

const seconds: Record<'copy' | 'import', number[]> = { copy: [], import: [] };
for (let round = 1; round <= ROUNDS; round++) {
  process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  const turns = [async () => seconds.copy.push(await time(copy)), async () => seconds.import.push(await time(takeOver))];
  for (const turn of round % 2 ? turns : turns.toReversed()) await turn();
}
const line = (values: number[]) => `${median(values).toFixed(2)} s (${values.map((value) => value.toFixed(2)).join(', ')})`;
process.stdout.write(`COPY of ${USERS} users with tokens: ${line(seconds.copy)}\n`);
process.stdout.write(`import-django of the same:       ${line(seconds.import)}, ${Math.round(USERS / median(seconds.import))} users/s\n`);
process.stdout.write(`ratio of the medians: ${(median(seconds.import) / median(seconds.copy)).toFixed(2)} (target: below 2)\n`);
process.stdout.write(`memory at most: ${Math.round(highest / 2 ** 20)} MB\n`);
await source.end();
await server.stop();
