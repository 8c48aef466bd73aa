import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { openDatabase } from '../../../src/database/database.ts';
import { features } from '../../../src/features.ts';
import type { Surroundings } from '../../../src/manage/console/shell.ts';
import { runManage as run } from '../../../src/manage/run-manage.ts';
import type { Feature } from '../../../src/shared/feature.ts';
import type { TestApp } from './test-app.ts';

/** Milliseconds until a command that hangs is killed. The embedded database takes seconds to open on a busy machine. */
const LIMIT = 30_000;

type Options = {
  readonly env?: Record<string, string>;
  /** A server to work beside, on the database that it has open. */
  readonly beside?: Pick<TestApp, 'env' | 'database'>;
  /** What is there besides the server's own features. */
  readonly app?: readonly Feature[];
};

const testEnv = { NODE_ENV: 'test', BCRYPT_COST: '4' };

// Empty variables count as unset, and a developer's own .env file does not fill in what is set.
const childEnv = (env: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
  DATABASE_URL: '',
  ...testEnv,
  ...env,
});

const surroundings = ({ env = {}, beside, app = [] }: Options): Pick<Surroundings, 'env' | 'features' | 'openDatabase'> => ({
  features: [...features, ...app],
  env: { ...testEnv, ...beside?.env, ...env },
  openDatabase: beside ? async () => ({ ...beside.database, close: async () => {} }) : openDatabase,
});

/** How a command ended. */
export type Ended = { code: number | null; stdout: string; stderr: string };

/** Runs what `npm run manage` runs, in this process and without a terminal. @param options.input what it can read */
export async function runManage(args: readonly string[], { input = '', ...options }: Options & { input?: string } = {}): Promise<Ended> {
  const [stdout, stderr] = [collect(), collect()];
  const stdin = Readable.from([Buffer.from(input)]);
  const code = await run(args, { ...surroundings(options), stdin, stdout: stdout.stream, stderr: stderr.stream });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs it as a process of its own. */
export async function spawnManage(args: readonly string[], { env = {} }: Pick<Options, 'env'> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [resolve('src/manage.ts'), ...args], {
    env: childEnv(env),
    timeout: LIMIT,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** A command in a terminal, as a person sees and serves it. */
export type ManageTerminal = {
  /** Everything on the screen so far. */
  readonly screen: () => string;
  /** Waits for `question` after what was seen last, then types: a line, or keys like Ctrl+C as they are. */
  readonly answer: (question: string, keys: string) => Promise<void>;
  /** Waits for the end, and returns the exit code. */
  readonly ended: () => Promise<number>;
};

export const ENTER = '\r';
export const CTRL_C = '\x03';
export const CTRL_D = '\x04';

/** Runs it as a process in a pseudo-terminal: for what the terminal itself does. */
export function openManageTerminal(args: readonly string[], { env = {} }: Pick<Options, 'env'> = {}): ManageTerminal {
  const terminal = spawnInTerminal(process.execPath, [resolve('src/manage.ts'), ...args], { env: childEnv(env), cols: 200 });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const limit = setTimeout(() => terminal.kill('SIGKILL'), LIMIT);
  const screen = createScreen(exit);
  terminal.onData(screen.show);
  const ended = () => exit.finally(() => clearTimeout(limit));
  return { screen: screen.text, answer: screen.answerWith((keys) => terminal.write(keys)), ended };
}

/** What a dialog puts on standard output besides: for commands with --json. */
export type ManageDialog = ManageTerminal & { readonly stdout: () => string };

/** Runs it in this process with a person at the keyboard: for what is asked and answered. */
export function openManageDialog(args: readonly string[], options: Options = {}): ManageDialog {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const exit = Promise.withResolvers<number>();
  const screen = createScreen(exit.promise);
  const [stdout, stderr] = [collect(screen.show), collect(screen.show)];
  run(args, { ...surroundings(options), stdin, stdout: stdout.stream, stderr: stderr.stream }).then(exit.resolve, exit.reject);
  return { screen: screen.text, stdout: stdout.text, answer: screen.answerWith((keys) => stdin.write(keys)), ended: () => exit.promise };
}

function collect(onText: (text: string) => void = () => {}) {
  let collected = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      collected += chunk;
      onText(String(chunk));
      done();
    },
  });
  return { stream, text: () => collected };
}

/** @param exit of the command that writes on it */
function createScreen(exit: Promise<number>) {
  let shown = '';
  let seen = 0;
  let onChange = () => {};
  const show = (text: string) => {
    shown += text;
    onChange();
  };
  const find = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      onChange = () => {
        const at = shown.indexOf(wanted, seen);
        if (at < 0) return;
        seen = at + wanted.length;
        onChange = () => {};
        resolve();
      };
      exit.finally(() => reject(new Error(`it ended without "${wanted}":\n${shown}`))).catch(reject);
      onChange();
    });
  const answerWith = (type: (keys: string) => void) => async (question: string, keys: string) => {
    await find(question);
    type(keys);
  };
  return { show, text: () => shown, answerWith };
}
