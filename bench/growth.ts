import { Command } from 'commander';
import { type Bed, withBed } from './bed/bed.ts';
import { crowd } from './growth/in-flight.ts';
import { overload } from './growth/overload.ts';
import { turnPages } from './growth/pages.ts';
import { print, reportCrowd, reportOverload, reportPages, reportTokens } from './growth/report.ts';
import { growTokens, tokenSteps } from './growth/tokens.ts';
import { describeMachine, writeResult } from './machine.ts';
import { requireLinux } from './measure/cpu-meter.ts';
import { positive } from './options.ts';
import { showProgress } from './progress.ts';

const parts = ['tokens', 'pages', 'in-flight', 'overload'];

const options = new Command('npm run bench:growth --')
  .description('Measures what a request costs as tokens, pages, requests in flight and load grow. About ten minutes and 5 GB of disk.')
  .option('--max-tokens <n>', 'tokens in the last step; the first has 10,000', positive, 10_000_000)
  .option('--users <n>', 'users in the list whose pages are turned', positive, 1_000_000)
  .option('--max-page <n>', 'the deepest page, of 20 users', positive, 10_000)
  .option('--rounds <n>', 'how often each is measured', positive, 5)
  .option('--seconds <n>', 'how long each time', positive, 3)
  .option('--only <parts>', `some of ${parts}; with commas between`, (list: string) => list.split(','), parts)
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

if (tokens) reportTokens(tokens);
if (typeof pages === 'string') print(`\nPages of users: left out, the server answered: ${pages}`);
else if (pages) reportPages(pages);
if (inFlight) reportCrowd(inFlight);
if (load) reportOverload(load);
const machine = await withBed(({ sql }) => describeMachine(sql));
writeResult('growth.json', JSON.stringify({ machine, options, tokens, pages, inFlight, load }, null, 1));
