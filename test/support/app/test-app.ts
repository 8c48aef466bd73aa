import { PassThrough } from 'node:stream';
import { loadConfig } from '../../../src/config/config.ts';
import type { Database } from '../../../src/database/database.ts';
import { features } from '../../../src/features.ts';
import { createLog } from '../../../src/observability/log.ts';
import { serve } from '../../../src/server/serve.ts';
import type { Feature } from '../../../src/shared/feature.ts';
import { type GraphqlClient, graphqlClient } from '../client/graphql-client.ts';
import { createTestDatabase, type TestDatabase } from '../database/database.ts';

export type TestApp = GraphqlClient & {
  readonly url: string;
  readonly database: Database;
  /** Points other programs, and the commands, at that database. */
  readonly env: TestDatabase['env'];
  /** Runs SQL on the app's database, past the product. */
  readonly sql: (statement: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Everything logged so far. */
  readonly logs: () => string;
  /** The lines among them that say that something is wrong. */
  readonly alarms: () => string[];
  /** What Prometheus would get. Fails without METRICS. */
  readonly metrics: () => Promise<string>;
  readonly close: () => Promise<void>;
};

type Options = {
  /** Configuration on top of the tests' own. */
  readonly env?: Record<string, string>;
  /** A database to use and leave alone; else a fresh one. */
  readonly on?: TestDatabase;
  /** What `defineApp` returned, instead of the app in app/. Its migrations run first. */
  readonly app?: readonly Feature[];
};

const INFO = 30; // pino's number

/** Tests share one address; production refuses it. */
const unthrottled = { THROTTLE: 'off' };

/** The real server on a free port, with a real database of its own. */
export async function createTestApp({ env = {}, on, app }: Options = {}): Promise<TestApp> {
  const testDatabase = on ?? (await createTestDatabase());
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    ...(env.NODE_ENV !== 'production' && unthrottled),
    BCRYPT_COST: '4',
    SHUTDOWN_DELAY: '0',
    ...testDatabase.env,
    ...(app && { AUTO_MIGRATE: 'true' }),
    ...env,
  });
  const lines: string[] = [];
  const log = createLog(
    config.logLevel,
    new PassThrough().on('data', (line) => lines.push(String(line))),
  );
  const { url, database, metricsUrl, close: stop } = await serve({ config, log, features: app ? [...features, ...app] : features });
  const scrape = async () => (await fetch(metricsUrl ?? 'METRICS is off')).text();
  const close = async () => {
    await stop();
    if (!on) await testDatabase.drop();
  };
  const sql = (statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    database.orm.em.fork().execute(statement, values);
  return {
    ...graphqlClient(url),
    url,
    database,
    env: testDatabase.env,
    sql,
    logs: () => lines.join(''),
    alarms: () => lines.filter((line) => JSON.parse(line).level > INFO),
    metrics: scrape,
    close,
  };
}
