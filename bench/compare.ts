import { Command } from 'commander';
import { type Bed, withBed } from './bed/bed.ts';
import { installPeers } from './bed/peers.ts';
import { seedTokens, seedUsers } from './bed/seed.ts';
import { barChart } from './charts/bar-chart.ts';
import { type Contestant, contestants, TOKENS } from './compare/contestants.ts';
import { bareBcrypt, login, pacedHello, pacedHelloBesideLogins } from './compare/logins.ts';
import { lineUp, runRound } from './compare/rounds.ts';
import { soak } from './compare/soak.ts';
import { table } from './compare/table.ts';
import { costVerdicts, idleVerdict, loginVerdict, type Pairs, p99Verdict, soakVerdict, type Verdict } from './compare/verdicts.ts';
import { describeMachine, writeResult } from './machine.ts';
import { requireLinux } from './measure/cpu-meter.ts';
import { positive, someOf } from './options.ts';
import { showProgress } from './progress.ts';

const ids = [...contestants().map(({ id }) => id), 'logins'];

const program = new Command('npm run bench --')
  .description('Measures what a request with a token costs here and elsewhere, in turns on one machine. About ten minutes.')
  .option('--rounds <n>', 'how often each is measured', positive, 5)
  .option('--seconds <n>', 'how long each time', positive, 4)
  .option('--only <ids>', `some of ${ids}; writes no files`, someOf(ids))
  .option('--soak', 'only: memory over a million requests, some five minutes')
  .parse();
const options = program.opts<{ rounds: number; seconds: number; only?: string[]; soak?: true }>();
const wanted = (id: string) => options.only?.includes(id) ?? true;

requireLinux();
installPeers();
await withBed(async (bed) => {
  await seedUsers(bed.sql, TOKENS);
  await seedTokens(bed.sql, TOKENS);
  await bed.sql.query('alter table tokens set (autovacuum_enabled = off)'); // vacuumed between measurements instead of during one
  await (options.soak ? soakOnly(bed) : compare(bed));
});

async function compare(bed: Bed): Promise<void> {
  const present = contestants().filter(({ id }) => wanted(id));
  const absent = present.filter(({ missing }) => missing?.());
  const taking = present.filter((contestant) => !absent.includes(contestant));
  for (const { name, missing } of absent) process.stderr.write(`Left out: ${name} (${missing?.()})\n`);
  const steps = taking.length * (2 + options.rounds) + (wanted('logins') ? 4 * options.rounds : 0);
  const progress = showProgress(steps);
  const entries = await lineUp(bed, taking, progress.tick);
  for (let round = 0; round < options.rounds; round++) await runRound(bed, entries, round, options.seconds, progress.tick);
  const logins = wanted('logins') ? await compareLogins(bed, progress.tick) : undefined;
  progress.stop();
  const [first] = entries;
  const verdicts: Verdict[] = [
    ...costVerdicts(entries),
    ...(logins ? [loginVerdict(logins.perSecond), p99Verdict(logins.p99)] : []),
    ...(first?.contestant.id === 'hello' ? [idleVerdict(first.idleBytes)] : []),
  ];
  process.stdout.write(`\n${table(verdicts)}`);
  if (options.only) return;
  const costs = Object.fromEntries(entries.map(({ contestant, costs }) => [contestant.id, costs]));
  const missing = absent.map(({ name, missing }) => ({ name, why: missing?.() }));
  const machine = await describeMachine(bed.sql);
  writeResult('compare.json', JSON.stringify({ machine, options, verdicts, missing, costs, logins }, null, 1));
  writeResult('compare.svg', chartOf(verdicts, taking));
}

/** What `logins` cost others, in as many rounds, each side first in every other one. */
async function compareLogins({ startServer }: Bed, tick: () => void): Promise<{ perSecond: Pairs; p99: Pairs }> {
  const { url } = await startServer();
  const seconds = options.seconds;
  await login(url, 1);
  await pacedHello(url, 1);
  const perSecond = await alternate(
    () => login(url, seconds),
    () => bareBcrypt(seconds),
    tick,
  );
  const p99 = await alternate(
    () => pacedHelloBesideLogins(url, seconds),
    () => pacedHello(url, seconds),
    tick,
  );
  return { perSecond, p99 };
}

async function alternate(our: () => Promise<number>, their: () => Promise<number>, tick: () => void): Promise<Pairs> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < options.rounds; round++) {
    const pair = [async () => ours.push(await our()), async () => theirs.push(await their())];
    for (const side of round % 2 === 0 ? pair : pair.toReversed()) {
      await side();
      tick();
    }
  }
  return { ours, theirs };
}

async function soakOnly(bed: Bed): Promise<void> {
  const progress = showProgress(5);
  const { idleBytes, samples } = await soak(bed, progress.tick);
  progress.stop();
  const verdicts = [idleVerdict(idleBytes), soakVerdict(samples)];
  process.stdout.write(`\n${table(verdicts)}`);
  writeResult('soak.json', JSON.stringify({ machine: await describeMachine(bed.sql), idleBytes, samples, verdicts }, null, 1));
}

function chartOf(verdicts: readonly Verdict[], taking: readonly Contestant[]): string {
  const ours = taking.filter(({ id }) => ['hello', 'typename', 'workers'].includes(id)).map(({ name }) => name);
  const bars = verdicts
    .flatMap(({ what, cost }) => (cost ? [{ label: what, value: cost.cpu, isOurs: ours.includes(what) }] : []))
    .sort((a, b) => a.value - b.value);
  return barChart({ title: 'CPU per request, server and database together', unit: 'µs, less is better', bars });
}
