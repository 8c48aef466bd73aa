import { PassThrough } from 'node:stream';
import { loadConfig } from '../../../src/config/config.ts';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import { features } from '../../../src/features.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { createLog } from '../../../src/observability/log.ts';
import { startMetricsServer } from '../../../src/server/http/metrics-server.ts';
import { openInstruments } from '../../../src/server/instruments.ts';
import { createServer } from '../../../src/server/server.ts';
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
};

const INFO = 30; // pino's number

const schema = buildSchema();

/** Tests share one address; production refuses it. */
const unthrottled = { THROTTLE: 'off' };

/** The real server on a free port, with a real database of its own. */
export async function createTestApp({ env = {}, on }: Options = {}): Promise<TestApp> {
  const testDatabase = on ?? (await createTestDatabase());
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    ...(env.NODE_ENV !== 'production' && unthrottled),
    BCRYPT_COST: '4',
    SHUTDOWN_DELAY: '0',
    ...testDatabase.env,
    ...env,
  });
  const { metrics, tracing } = await openInstruments(config);
  const lines: string[] = [];
  const log = createLog(
    config.logLevel,
    new PassThrough().on('data', (line) => lines.push(String(line))),
  );
  const onReplicaAway = (err: unknown) => log.warn({ err }, 'a replica is away');
  const database = await openDatabase({ ...config, features, traceQuery: tracing?.query, onReplicaAway });
  const server = await createServer({ config, database, features, schema, log, metrics, tracing });
  const metricsServer =
    metrics && config.metrics && (await startMetricsServer({ endpoint: config.metrics, collect: () => metrics.registry.metrics(), log }));
  const scrape = async () => (await fetch(metricsServer?.url ?? 'METRICS is off')).text();
  const close = async () => {
    await server.close();
    await metricsServer?.close();
    await database.close();
    await tracing?.close();
    if (!on) await testDatabase.drop();
  };
  const sql = (statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    database.orm.em.fork().execute(statement, values);
  return {
    ...graphqlClient(server.url),
    url: server.url,
    database,
    env: testDatabase.env,
    sql,
    logs: () => lines.join(''),
    alarms: () => lines.filter((line) => JSON.parse(line).level > INFO),
    metrics: scrape,
    close,
  };
}
