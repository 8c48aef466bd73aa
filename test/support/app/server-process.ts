import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  /** What it printed before it was ready. */
  readonly banner: string;
  /** Everything printed so far, the log included. */
  readonly output: () => string;
  /** Sends a signal and waits for the end. Resolves with the exit code, null after a `kill -9`. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Starts what `npm start` runs. @param stdout a pipe to this process, or the file it prints to */
export const launch = (env: Record<string, string>, stdout: 'pipe' | number = 'pipe'): ChildProcess =>
  spawn(process.execPath, ['--max-semi-space-size=8', 'src/start.js'], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      NODE_ENV: 'test',
      PORT: '0',
      BCRYPT_COST: '4',
      SHUTDOWN_DELAY: '0',
      ...env,
    },
    stdio: ['ignore', stdout, 'pipe'],
  });

/** Runs what `npm start` runs and waits until it is ready; fails with what it printed when it ends instead. @param watch told of all it printed until then */
export const startServerProcess = (env: Record<string, string>, watch?: (output: string) => void): Promise<ServerProcess> =>
  untilReady(launch(env), watch);

/** The same for a server that was started otherwise. @param child with pipes for what it prints */
export async function untilReady(child: ChildProcess, watch?: (output: string) => void): Promise<ServerProcess> {
  const ended = once(child, 'exit');
  let output = '';
  child.stderr?.on('data', (chunk) => (output += chunk));
  const url = await new Promise<string>((resolve, reject) => {
    ended.then(([code]) => reject(new Error(`the server ended with ${code}:\n${output}`)));
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      watch?.(output);
      const url = urlIn(output);
      if (url) resolve(url);
    });
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const [code] = await ended;
    return code;
  };
  return { url, pid: child.pid ?? 0, banner: output, output: () => output, stop };
}

/** Where a server listens, once it has printed all of its banner. */
export const urlIn = (output: string): string | undefined =>
  /"api":"(http[^"]+)\/graphql".*"msg":"the server is ready"/.exec(output)?.[1] ??
  (/First superuser/.test(output) ? /API\s+(http\S+)\/graphql/.exec(output)?.[1] : undefined);

/** Runs what `npm start` runs where it is expected to refuse. */
export async function failToStart(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = launch(env);
  const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [stderr, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'exit')]);
  clearTimeout(limit);
  return { code, stderr };
}
