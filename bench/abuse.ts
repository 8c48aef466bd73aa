import { execFileSync } from 'node:child_process';
import { hash as digest } from 'node:crypto';
import bcrypt from 'bcrypt';
import { Command } from 'commander';
import { GOOD_PASSWORD } from '../test/support/client/graphql-client.ts';
import { costOf } from './abuse/cpu.ts';
import { FOREIGNERS, flood } from './abuse/flood.ts';
import { office, PEOPLE } from './abuse/office.ts';
import { reportFlood, reportOffice, reportShapes } from './abuse/report.ts';
import { shapes } from './abuse/shapes.ts';
import { type Bed, withBed } from './bed/bed.ts';
import { seedTokens, seedUsers } from './bed/seed.ts';
import { tokenOf } from './load/request.ts';
import { describeMachine, readResult, writeResult } from './machine.ts';
import { requireLinux } from './measure/cpu-meter.ts';
import { positive, someOf } from './options.ts';
import { showProgress } from './progress.ts';

const parts = ['shapes', 'flood', 'office'];
const COST = '12'; // of a hash, the default
const USERS = PEOPLE + FOREIGNERS;

const options = new Command('npm run bench:abuse --')
  .description('Measures what bodies made to hurt cost, and how others fare during a flood of hashes. About five minutes.')
  .option('--rounds <n>', 'how often each body is measured', positive, 5)
  .option('--requests <n>', 'requests of a body in each round', positive, 10)
  .option('--only <parts>', `some of ${parts}`, someOf(parts), parts)
  .option('--as <name>', 'where in abuse.json the figures go', 'after')
  .parse()
  .opts<{ rounds: number; requests: number; only: string[]; as: string }>();

/** What strangers are counted by is out of the way: each part repeats itself more often than a client may. */
const unthrottled = {
  THROTTLE_LOGIN_ACCOUNT: '99999/5m',
  THROTTLE_LOGIN_ADDRESS: '99999/5m',
  THROTTLE_REGISTER: '99999/5m',
  THROTTLE_RESET: '99999/5m',
  THROTTLE_LINK: '99999/5m',
};

const run = <Result>(name: string, work: (bed: Bed) => Promise<Result>) => (options.only.includes(name) ? withBed(work) : undefined);

async function measureShapes(bed: Bed) {
  await seed(bed);
  const { url, pid } = await bed.startServer(unthrottled);
  const target = { url, pid, headers: tokenOf(0) };
  const progress = showProgress(shapes.length);
  const costs = [];
  for (const shape of shapes) {
    costs.push(await costOf(shape, { ...options, target }));
    progress.tick();
  }
  progress.stop();
  return costs;
}

const measureCrowd = (crowd: typeof flood) => async (bed: Bed) => {
  await seed(bed);
  const { url } = await bed.startServer({ ...unthrottled, BCRYPT_COST: COST, TRUST_PROXY: '1' });
  return crowd(url);
};

/** People with a password and a token each, all of them staff, so that no field is closed to them. */
async function seed({ sql }: Bed): Promise<void> {
  await seedUsers(sql, USERS);
  await seedTokens(sql, USERS);
  const hash = `bcrypt_sha256$${bcrypt.hashSync(digest('sha256', GOOD_PASSWORD), Number(COST))}`;
  await sql.query('update users set is_staff = true, password_hash = $1', [hash]);
}

requireLinux();
const costs = await run('shapes', measureShapes);
const foreigners = await run('flood', measureCrowd(flood));
const colleagues = await run('office', measureCrowd(office));
const machine = await withBed(({ sql }) => describeMachine(sql));

if (costs) reportShapes(costs);
if (foreigners) reportFlood(foreigners);
if (colleagues) reportOffice(colleagues);

/** Only what was measured is written, so that a part can be measured again. */
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const results = readResult('abuse.json');
const measured = {
  commit,
  machine,
  ...(costs && { shapes: costs }),
  ...(foreigners && { flood: foreigners }),
  ...(colleagues && { office: colleagues }),
};
writeResult('abuse.json', JSON.stringify({ ...results, [options.as]: { ...results[options.as], ...measured } }, null, 1));
