import { openLoop } from './load/open-loop.ts';

/** A process of its own, so that the flood does not slow the stopwatch. */
const [url = '', seconds = '1'] = process.argv.slice(2);
const body = (n: number) =>
  JSON.stringify({ query: `mutation { login(input: {username: "user-${n}", password: "wrong-Quartz-12"}) { status { code } } }` });
const { statuses } = await openLoop({ url, rate: 200, seconds: Number(seconds), body });
process.send?.({ statuses });
