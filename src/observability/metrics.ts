import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { labelOf, type Operation } from './operation.ts';

/** Every metric of this program besides Node's own, and what it says. docs/metrics.md has more about each. */
export const metricHelp = {
  graphql_token_auth_operation_duration_seconds:
    'Seconds from the arrival of a request for the API to its answer; for a subscription, to its end.',
  graphql_token_auth_mutations_total: 'Mutations that ran, by field and by what they came to.',
  graphql_token_auth_refused_requests_total: 'Requests that were refused before they reached GraphQL, by HTTP status.',
  graphql_token_auth_tokens_total: 'Tokens issued, revoked and swept after their end.',
  graphql_token_auth_mails_total: 'Attempts to send a mail: sent, put_off (tried again), given_up or dropped (the mailbox has had enough).',
  graphql_token_auth_mails_queued: 'Mails waiting in the database, counted up to 10000.',
  graphql_token_auth_events_total: 'Attempts to tell a listener of an event: delivered, put_off (tried again) or given_up.',
  graphql_token_auth_events_queued: 'Deliveries of events waiting in the database, counted up to 10000.',
  graphql_token_auth_hash_duration_seconds: 'Seconds that hashing a password took, waiting for a core included.',
  graphql_token_auth_hashes_pending: 'Passwords being hashed or waiting for a core.',
  graphql_token_auth_database_connections: 'Connections to PostgreSQL: busy, idle, and how many there may be (max).',
  graphql_token_auth_database_waiting: 'Requests that wait for a connection to PostgreSQL.',
} as const;

export type MetricName = keyof typeof metricHelp;

type Connections = { readonly busy: number; readonly idle: number; readonly max: number; readonly waiting: number };

/** What is counted only when Prometheus asks. */
export type Sources = {
  /** Null: the embedded database has none. */
  readonly connections: () => Connections | null;
  /** Null: this server sends no mail, or its database does not answer. */
  readonly queuedMails: () => Promise<number | null>;
  /** Null: no feature listens to events, or the database does not answer. */
  readonly queuedEvents: () => Promise<number | null>;
};

/** What Prometheus can ask for. No label takes a value that a client can make up: what counts passes a word of its own few. */
export type Metrics = {
  readonly registry: Registry;
  readonly operation: (operation: Operation, outcome: string, seconds: number) => void;
  readonly refused: (status: number) => void;
  readonly tokens: (change: string, count: number) => void;
  readonly mail: (result: string) => void;
  readonly event: (result: string) => void;
  /** Times a hash, from when it is asked for; null is not one. */
  readonly hash: <Result>(work: () => Promise<Result | null>) => Promise<Result | null>;
  readonly watch: (sources: Sources) => void;
};

const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Measures from now on. Import it only where it is wanted: watching the event loop costs a little. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const about = <Name extends MetricName>(name: Name) => ({ name, help: metricHelp[name], registers: [registry] });

  const operations = new Histogram({
    ...about('graphql_token_auth_operation_duration_seconds'),
    labelNames: ['type', 'outcome'],
    buckets: FAST,
  });
  const mutations = new Counter({ ...about('graphql_token_auth_mutations_total'), labelNames: ['mutation', 'outcome'] });
  const refusals = new Counter({ ...about('graphql_token_auth_refused_requests_total'), labelNames: ['status'] });
  const tokens = new Counter({ ...about('graphql_token_auth_tokens_total'), labelNames: ['change'] });
  const mails = new Counter({ ...about('graphql_token_auth_mails_total'), labelNames: ['result'] });
  const events = new Counter({ ...about('graphql_token_auth_events_total'), labelNames: ['result'] });
  const hashes = new Histogram({ ...about('graphql_token_auth_hash_duration_seconds'), buckets: SLOW });
  const pending = new Gauge(about('graphql_token_auth_hashes_pending'));

  return {
    registry,
    operation: ({ type, mutations: notes }, outcome, seconds) => {
      operations.observe({ type, outcome: labelOf(outcome) }, seconds);
      for (const { field, outcome: own } of notes) mutations.inc({ mutation: field, outcome: labelOf(own ?? outcome) });
    },
    refused: (status) => refusals.inc({ status }),
    tokens: (change, count) => tokens.inc({ change }, count),
    mail: (result) => mails.inc({ result }),
    event: (result) => events.inc({ result }),
    hash: async (work) => {
      const stop = hashes.startTimer();
      pending.inc();
      try {
        const result = await work();
        if (result !== null) stop();
        return result;
      } finally {
        pending.dec();
      }
    },
    watch: (sources) => watchDatabase(about, sources),
  };
}

type About = (name: MetricName) => { readonly name: string; readonly help: string; readonly registers: Registry[] };

function watchDatabase(about: About, { connections, queuedMails, queuedEvents }: Sources): void {
  new Gauge({
    ...about('graphql_token_auth_database_connections'),
    labelNames: ['state'],
    collect() {
      const { busy, idle, max } = connections() ?? {};
      for (const [state, count] of Object.entries({ busy, idle, max })) if (count !== undefined) this.set({ state }, count);
    },
  });
  new Gauge({
    ...about('graphql_token_auth_database_waiting'),
    collect() {
      this.set(connections()?.waiting ?? 0);
    },
  });
  watchQueue(about('graphql_token_auth_mails_queued'), queuedMails);
  watchQueue(about('graphql_token_auth_events_queued'), queuedEvents);
}

function watchQueue(about: ReturnType<About>, count: () => Promise<number | null>): void {
  new Gauge({
    ...about,
    aggregator: 'max', // every process counts the same table
    async collect() {
      const queued = await count();
      if (queued === null) this.remove();
      else this.set(queued);
    },
  });
}
