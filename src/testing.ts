import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destination } from 'pino';
import { loadConfig } from './config/config.ts';
import type { Environment } from './config/variable.ts';
import { compose } from './features.ts';
import { createLog } from './observability/log.ts';
import { type Serving, serve } from './server/serve.ts';
import type { Feature } from './shared/feature.ts';
import { type Client, createClient } from './testing/client.ts';
import { readOutbox, type SentMail, waitForMail } from './testing/outbox.ts';

export type { Client, Registered, Reply, ReplyError, RequestOptions } from './testing/client.ts';
export type { SentMail } from './testing/outbox.ts';

/** The real server with an app, for a test. */
export type TestApp = Client & {
  /** Where it listens, as in `http://127.0.0.1:43210`. */
  readonly url: string;
  /** Runs SQL on its database. @param values of the question marks */
  readonly sql: (statement: string, values?: readonly unknown[]) => Promise<Readonly<Record<string, unknown>>[]>;
  /** Every mail sent so far, the first one first. */
  readonly mails: () => Promise<SentMail[]>;
  /** Waits for the nth mail to an address, the first by default. */
  readonly mailTo: (address: string, n?: number) => Promise<SentMail>;
  /** Stops it and deletes what it made. Leaves the database of `databaseUrl` alone. */
  readonly close: () => Promise<void>;
};

export type TestAppOptions = {
  /** What `defineApp` returned. */
  readonly app: readonly Feature[];
  /** A PostgreSQL database that is there, as in `postgres://localhost/blog_test`; it gets migrated. Default: an embedded one, made for this test. */
  readonly databaseUrl?: string | undefined;
  /** Settings on top of those for tests. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Weak and quick, on any free port; what goes wrong inside is written to standard error. */
const settings = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  THROTTLE: 'off',
  BCRYPT_COST: '4',
  SHUTDOWN_DELAY: '0',
  AUTO_MIGRATE: 'true',
  LOG_LEVEL: 'error',
};

/** Starts the real server on a real database. Needs no test runner. @throws OperatorError for settings or an app that cannot be */
export async function createTestApp({ app, databaseUrl, env = {} }: TestAppOptions): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'graphql-token-auth-test-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const outbox = join(dataDir, 'outbox');
  const values = { ...settings, DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }), ...env };
  const {
    url,
    database,
    close: stop,
  } = await start(values, app).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const close = async () => {
    await stop();
    await remove();
  };
  return {
    ...createClient(url),
    url,
    sql: (statement, values = []) => database.orm.em.fork().execute(statement, [...values]),
    mails: () => readOutbox(outbox),
    mailTo: (address, n = 1) => waitForMail(outbox, address, n),
    close,
  };
}

async function start(values: Environment, app: readonly Feature[]): Promise<Serving> {
  const config = loadConfig(values);
  const log = createLog(config.logLevel, destination({ dest: 2, sync: true }));
  return serve({ config, log, features: compose(app) });
}
