import { pgbouncerVersion } from './pgbouncer.ts';

/** Says at the end, where everybody looks, what was not tested. */
export default async function setup(): Promise<() => void> {
  const version = await pgbouncerVersion();
  return () => {
    if (version) process.stdout.write(`\nPgBouncer ${version} is here.\n`);
    else process.stdout.write('\npgbouncer: not installed. Its tests were NOT run. Install it, or set PGBOUNCER to the program.\n');
  };
}
