import { login } from './logins.ts';

/** A process of its own, so that the logins do not slow the stopwatch. */
const [url = '', seconds = '1'] = process.argv.slice(2);
process.send?.(await login(url, Number(seconds)));
process.disconnect();
