import { Command } from 'commander';
import { type Bed, withBed } from './bed/bed.ts';
import { crowd } from './growth/in-flight.ts';
import { overload } from './growth/overload.ts';
import { turnPages } from './growth/pages.ts';
import { print, reportCrowd, reportOverload, reportPages, reportTokens } from './growth/report.ts';
import { growTokens, tokenSteps } from './growth/tokens.ts';
import { describeMachine, writeResult } from './machine.ts';
import { requireLinux } from './measure/cpu-meter.ts';
import { positive, someOf } from './options.ts';
import { showProgress } from './progress.ts';

const parts = ['tokens', 'pages', 'in-flight', 'overload'];

const options = new Command('npm run bench:growth --')
  .description('Measures what a request costs as tokens, pages, requests in flight and load grow. About ten minutes and 5 GB of disk.')
  .option('--max-tokens <n>', 'tokens in the last step; the first has 10,000', positive, 10_000_000)
  .option('--users <n>', 'users in the list whose pages are turned', positive, 1_000_000)
  .option('--max-page <n>', 'the deepest page, of 20 users', positive, 10_000)
  .option('--rounds <n>', 'how often each is measured', positive, 5)
  .option('--seconds <n>', 'how long each time', positive, 2)
  .option('--only <parts>', `some of ${parts}`, someOf(parts), parts)
  .parse()
  .opts<{ maxTokens: number; users: number; maxPage: number; rounds: number; seconds: number; only: string[] }>();

const { rounds, seconds, maxTokens, users, maxPage, only } = options;
const part = (name: string) => only.includes(name);

requireLinux();
const progress = showProgress((part('tokens') ? tokenSteps(maxTokens) : 0) + rounds * only.filter((name) => name !== 'tokens').length);
const common = { rounds, seconds, tick: progress.tick };

/** Each part has a PostgreSQL of its own, so that none meets what another left behind. */
const run = <Result>(name: string, work: (bed: Bed) => Promise<Result>) => (part(name) ? withBed(work) : undefined);

const tokens = await run('tokens', (bed) => growTokens({ ...common, bed, max: maxTokens }));
const pages = await run('pages', (bed) => turnPages({ ...common, bed, users, maxPage }));
const inFlight = await run('in-flight', (bed) => crowd({ ...common, bed }));
const load = await run('overload', (bed) => overload({ ...common, bed }));
progress.stop();
const machine = await withBed(({ sql }) => describeMachine(sql));

/** Only what was measured is written, so that a part can be measured again. */
function conclude<Steps>(name: string, steps: Steps | undefined, report: (steps: Steps) => void): void {
  if (!steps) return;
  report(steps);
  writeResult(`growth-${name}.json`, JSON.stringify({ machine, options, steps }, null, 1));
}

conclude('tokens', tokens, reportTokens);
conclude('in-flight', inFlight, reportCrowd);
conclude('overload', load, reportOverload);
if (typeof pages === 'string') print(`\nPages of users: left out, the server answered: ${pages}`);
else conclude('pages', pages, reportPages);
