import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServerProcess } from '../test/support/app/server-process.ts';
import { graphqlClient } from '../test/support/client/graphql-client.ts';

/** How many requests the asker sends after a reset, one after the other: what a worker does for it meanwhile would slow them. */
const FOLLOW_UPS = 15;
/** Milliseconds until everything that a reset brings about is over. */
const REST = 150;

const RESET = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { status { code } } }';

type Options = {
  readonly pairs: number;
  /** Where the database is; none: the embedded one. */
  readonly env: Record<string, string>;
  readonly progress: (pair: number) => void;
};

/** What the asker can time, in milliseconds: all of the follow-ups, and the slowest of them. */
export type Felt = { readonly total: number[]; readonly slowest: number[] };

const nothing = (): Felt => ({ total: [], slowest: [] });

/** Interleaved pairs of resets for addresses that an account has, and that none has, each with what it does to the asker’s next requests. */
export async function timeResets({ pairs, env, progress }: Options): Promise<{ known: Felt; unknown: Felt }> {
  const sink = fork('bench/mail-sink.ts', { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [port] = await once(sink.stdout ?? sink, 'data');
  const folder = await mkdtemp(join(tmpdir(), 'reset-timing-'));
  const server = await startServerProcess({
    DATA_DIR: folder,
    AUTO_MIGRATE: 'true',
    THROTTLE: 'off',
    LOG_LEVEL: 'warn',
    SMTP_URL: `smtp://127.0.0.1:${String(port).trim()}`,
    ...env,
  });
  const client = graphqlClient(server.url);
  const { token } = await client.register('asker');
  for (let n = 0; n < pairs; n++) await client.register(`known-${n}`, { email: `known-${n}@example.com` });
  await wait(5000); // the mails about the registrations leave
  const [known, unknown]: [Felt, Felt] = [nothing(), nothing()];
  const feel = async (email: string, { total, slowest }: Felt) => {
    const { text } = await client.graphql(RESET, { variables: { input: { email } } });
    if (!text.includes('200 OK')) throw new Error(`refused: ${text}`);
    const times: number[] = [];
    for (let n = 0; n < FOLLOW_UPS; n++) {
      const started = performance.now();
      await client.graphql('{ me { username } }', { token });
      times.push(performance.now() - started);
    }
    total.push(times.reduce((sum, time) => sum + time, 0));
    slowest.push(Math.max(...times));
    await wait(REST);
  };
  for (let n = 0; n < 10; n++) await feel(`warm-up-${n}@example.com`, nothing());
  for (let n = 0; n < pairs; n++) {
    const pair = [() => feel(`known-${n}@example.com`, known), () => feel(`nobody-${n}@example.com`, unknown)];
    for (const run of n % 2 === 0 ? pair : pair.toReversed()) await run();
    progress(n);
  }
  await server.stop();
  sink.disconnect();
  await rm(folder, { recursive: true, force: true });
  return { known, unknown };
}
