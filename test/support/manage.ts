import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type IPty, spawn as spawnInTerminal } from '@lydell/node-pty';

const command = (args: readonly string[]) => [resolve('src/manage/main.ts'), ...args];

/** Milliseconds until a command that hangs is killed. The embedded database takes seconds to open on a busy machine. */
const LIMIT = 30_000;

type Options = { readonly env?: Record<string, string>; readonly input?: string };

// Empty variables count as unset, and a developer's own .env file does not fill in what is set.
const childEnv = (env: Record<string, string>) => ({
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
  NODE_ENV: 'test',
  BCRYPT_COST: '4',
  DATABASE_URL: '',
  ...env,
});

/** How a command ended. @param milliseconds from its start to its end, the start of Node included */
export type Ended = { code: number | null; stdout: string; stderr: string; milliseconds: number };

/** Runs `npm run manage` with these arguments and without a terminal. @param options.input what it can read */
export async function runManage(args: readonly string[], { env = {}, input = '' }: Options = {}): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, command(args), { env: childEnv(env), timeout: LIMIT, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr, milliseconds: performance.now() - start };
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

/** Runs `npm run manage` with these arguments in a pseudo-terminal. */
export function openManageTerminal(args: readonly string[], { env = {} }: Pick<Options, 'env'> = {}): ManageTerminal {
  const terminal = spawnInTerminal(process.execPath, command(args), { env: childEnv(env), cols: 200 });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const limit = setTimeout(() => terminal.kill('SIGKILL'), LIMIT);
  const screen = record(terminal);
  let seen = 0;
  const answer = async (question: string, keys: string) => {
    seen = await screen.find(question, seen);
    terminal.write(keys);
  };
  return { screen: screen.text, answer, ended: () => exit.finally(() => clearTimeout(limit)) };
}

function record(terminal: IPty) {
  let shown = '';
  let onChange = () => {};
  terminal.onData((data) => {
    shown += data;
    onChange();
  });
  /** Resolves with the position behind `wanted`. */
  const find = (wanted: string, from: number) =>
    new Promise<number>((resolve, reject) => {
      onChange = () => {
        const at = shown.indexOf(wanted, from);
        if (at >= 0) resolve(at + wanted.length);
      };
      terminal.onExit(() => reject(new Error(`it ended without "${wanted}":\n${shown}`)));
      onChange();
    });
  return { text: () => shown, find };
}
