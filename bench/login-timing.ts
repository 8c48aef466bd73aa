import { mkdirSync, writeFileSync } from 'node:fs';
import { openDatabase } from '../src/database/database.ts';
import { features } from '../src/features.ts';
import { startServerProcess } from '../test/support/app/server-process.ts';
import { GOOD_PASSWORD, graphqlClient } from '../test/support/client/graphql-client.ts';
import { startPostgres } from '../test/support/database/postgres-server.ts';
import { median, rankTest } from './rank-test.ts';
import { timeResets } from './reset-timing.ts';

/**
 * Can a stopwatch tell why a login was refused? Times 500 interleaved pairs of each kind of refusal and a wrong password
 * against the real server on a real PostgreSQL. And can it tell whether an account has an address, by what a password reset does to the
 * asker’s next requests? 300 pairs, on either database. Run with `npm run bench:timing`; takes about ten minutes.
 */
const PAIRS = 500;
const RESET_PAIRS = 300;
const BCRYPT_COST = '6'; // cheap on purpose: what differs beside the hash shows the more

const postgres = await startPostgres();
const server = await startServerProcess({
  DATABASE_URL: postgres.url,
  AUTO_MIGRATE: 'true',
  THROTTLE: 'off',
  BCRYPT_COST,
  LOG_LEVEL: 'warn',
});
const client = graphqlClient(server.url);
/** Hashes as an import brings them: of no work at all, of less than ours, and of several times ours. */
const imported = {
  broken: 'pbkdf2_sha256$1000$salt$aGFzaA==',
  md5: 'md5$salt$5556741ee6b5e868c442def01ff6738e',
  'pbkdf2-quick': 'pbkdf2_sha256$5000$salt$oy7o0tlqwC5yGwHrjXY2momVg4QP098ZiuF3BGZOGLA=',
  'pbkdf2-slow': 'pbkdf2_sha256$100000$salt$oy7o0tlqwC5yGwHrjXY2momVg4QP098ZiuF3BGZOGLA=',
};
for (const username of ['wrong', 'inactive', 'unusable', ...Object.keys(imported)]) await client.register(username);
const { orm, close } = await openDatabase({ features, databaseUrl: postgres.url, databasePoolMax: 1, dataDir: '' });
await orm.em.fork().execute("update users set is_active = false where username = 'inactive'");
await orm.em.fork().execute("update users set password_hash = '!unusable' where username = 'unusable'");
for (const [username, hash] of Object.entries(imported)) {
  await orm.em.fork().execute('update users set password_hash = ? where username = ?', [hash, username]);
}
await close();

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';

/** Milliseconds that a refusal takes. */
async function time(username: string, password: string): Promise<number> {
  const started = performance.now();
  const { data, text } = await client.graphql(LOGIN, { variables: { input: { username, password } } });
  const milliseconds = performance.now() - started;
  if (data?.login.status.code !== '400 BAD REQUEST') throw new Error(`not refused: ${text}`);
  return milliseconds;
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

const wrong = () => time('wrong', 'wrong-Quartz-12');
const kinds = {
  'unknown user': (n: number) => time(`nobody-${n}`, GOOD_PASSWORD),
  'inactive user': () => time('inactive', GOOD_PASSWORD),
  'unusable password': () => time('unusable', GOOD_PASSWORD),
  'broken hash': () => time('broken', GOOD_PASSWORD),
  'imported md5': () => time('md5', GOOD_PASSWORD),
  'imported, quicker': () => time('pbkdf2-quick', GOOD_PASSWORD),
  'imported, slower': () => time('pbkdf2-slow', GOOD_PASSWORD),
};

for (let n = 0; n < 50; n++) await wrong(); // warms up
const figures: Record<string, unknown> = {};
process.stdout.write(`${'refusal'.padEnd(20)}median ms   wrong password   slower in   p\n`);
for (const [kind, attempt] of Object.entries(kinds)) {
  const [a, b]: [number[], number[]] = [[], []];
  await attempt(-1); // the first refusal of a kind is not disguised yet: no client can know how long it takes
  for (let n = 0; n < PAIRS; n++) {
    const pair = [async () => a.push(await attempt(n)), async () => b.push(await wrong())];
    for (const run of n % 2 === 0 ? pair : pair.toReversed()) await run();
    if (n % 25 === 0) process.stderr.write(`\r${kind}: ${n} of ${PAIRS} pairs `);
  }
  const { p, share } = rankTest(a, b);
  process.stderr.write('\r');
  process.stdout.write(
    `${kind.padEnd(20)}${median(a).toFixed(3).padStart(9)}${median(b).toFixed(3).padStart(17)}${`${(share * 100).toFixed(1)} %`.padStart(12)}   ${p.toFixed(3)}\n`,
  );
  figures[kind] = {
    p,
    share,
    medianMs: median(a),
    medianMsOfWrongPassword: median(b),
    ms: a.map(rounded),
    msOfWrongPassword: b.map(rounded),
  };
}
await server.stop();

const databases = { PostgreSQL: { DATABASE_URL: postgres.url }, embedded: {} };
process.stdout.write(`\n${'after a reset'.padEnd(20)}known ms   unknown ms   known slower in   p\n`);
for (const [database, env] of Object.entries(databases)) {
  const progress = (n: number) => process.stderr.write(`\r${database}: ${n} of ${RESET_PAIRS} pairs `);
  const { known, unknown } = await timeResets({ pairs: RESET_PAIRS, env, progress });
  process.stderr.write('\r');
  for (const felt of ['total', 'slowest'] as const) {
    const { p, share } = rankTest(known[felt], unknown[felt]);
    const [medianMs, medianMsOfUnknown] = [median(known[felt]), median(unknown[felt])];
    process.stdout.write(
      `${`${database}, ${felt}`.padEnd(20)}${medianMs.toFixed(3).padStart(8)}${medianMsOfUnknown.toFixed(3).padStart(13)}${`${(share * 100).toFixed(1)} %`.padStart(18)}   ${p.toFixed(3)}\n`,
    );
    figures[`after a reset, ${database}, ${felt}`] = {
      p,
      share,
      medianMs,
      medianMsOfUnknown,
      ms: known[felt].map(rounded),
      msOfUnknown: unknown[felt].map(rounded),
    };
  }
}
mkdirSync('bench/results', { recursive: true });
writeFileSync('bench/results/login-timing.json', JSON.stringify(figures));
await postgres.stop();
