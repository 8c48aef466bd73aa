import { readEnvironment } from '../config/environment.ts';
import { openDatabase } from '../database/database.ts';
import { asTyped } from '../shared/as-typed.ts';
import type { Feature } from '../shared/feature.ts';
import { explainFatal } from '../shared/operator-error.ts';
import type { AddCommand } from './program.ts';
import { runManage } from './run-manage.ts';

type Options = {
  /** As typed behind the program's name. */
  readonly args: readonly string[];
  /** Loads what the server is made of; an error of it is said like one of a command. */
  readonly loadFeatures: () => Promise<readonly Feature[]>;
  /** Commands besides those that look after an installation. */
  readonly more?: readonly AddCommand[];
};

/** Runs one command as this process. */
export async function runProcess({ args, loadFeatures, more }: Options): Promise<void> {
  process.umask(0o077); // what it writes is for its owner only
  const { stdin, stdout, stderr } = process;
  stdout.on('error', () => {}); // the reader has gone, as `head` does; the write tells those who need to know
  try {
    const features = await loadFeatures();
    process.exitCode = await runManage(args, { env: readEnvironment(), stdin, stdout, stderr, features, openDatabase }, more);
  } catch (error) {
    stderr.write(asTyped(explainFatal(error)));
    process.exitCode = 1;
  }
}
