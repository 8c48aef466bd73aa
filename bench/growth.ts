import { Command } from 'commander';
import { makeBed } from './bed/bed.ts';
import { crowd } from './growth/in-flight.ts';
import { overload } from './growth/overload.ts';
import { turnPages } from './growth/pages.ts';
import { reportCrowd, reportOverload, reportPages, reportTokens } from './growth/report.ts';
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
const bed = await makeBed();
const progress = showProgress((part('tokens') ? tokenSteps(maxTokens) : 0) + rounds * only.filter((name) => name !== 'tokens').length);
const common = { bed, rounds, seconds, tick: progress.tick };
try {
  // The crowd and the overload come first, while the tables are small.
  const inFlight = part('in-flight') ? await crowd(common) : undefined;
  const load = part('overload') ? await overload(common) : undefined;
  await bed.sql.query('truncate users cascade');
  await bed.sql.query('alter sequence users_id_seq restart');
  const tokens = part('tokens') ? await growTokens({ ...common, max: maxTokens }) : undefined;
  const pages = part('pages') ? await turnPages({ ...common, users, maxPage }) : undefined;
  progress.stop();
  if (inFlight) reportCrowd(inFlight);
  if (load) reportOverload(load);
  if (tokens) reportTokens(tokens);
  if (pages) reportPages(pages);
  const machine = await describeMachine(bed.sql);
  writeResult('growth.json', JSON.stringify({ machine, options, inFlight, load, tokens, pages }, null, 1));
} finally {
  await bed.stop();
}
