import type { Config } from '../config/config.ts';
import { writeEvery } from '../config/tokens.ts';
import type { Database } from '../database/database.ts';
import { isDatabaseAway } from '../database/database-errors.ts';
import { createEventDelivery } from '../features/events/deliver-events.ts';
import { createPostOffice } from '../features/mail/post-office.ts';
import { createLookup, Token } from '../features/tokens/token.ts';
import { tokenCounter } from '../features/tokens/token-counter.ts';
import { createTokenWatch } from '../features/tokens/token-watch.ts';
import { createTopics } from '../features/topics/topics.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createBackground } from '../services/background.ts';
import { createHashPool, type HashPool, timedHashPool } from '../services/passwords/hash-pool.ts';
import { createPasswords } from '../services/passwords/passwords.ts';
import { createSweeper, sweepsOf } from '../services/sweeper.ts';
import { createThrottle, noThrottle } from '../services/throttling/throttle.ts';
import { type Feature, lettersOf, scopesOf, userColumnsOf } from '../shared/feature.ts';
import type { ContextOptions } from './authentication/create-context.ts';
import { createUseRecorder } from './authentication/use-recorder.ts';
import { createViewerLoader } from './authentication/viewer-loader.ts';

type Options = {
  readonly config: Config;
  readonly database: Database;
  readonly features: readonly Feature[];
  readonly log: Log;
  /** Defaults to threads of this process. */
  readonly hashPool?: HashPool | undefined;
  /** Null: nothing is measured. */
  readonly metrics: Metrics | null;
};

/** Creates what all requests share, and starts the work in the background. `stop` ends it. */
export function createServices({ config, database, features, log, hashPool, metrics }: Options) {
  const { em } = database.orm;
  const { tokenPolicy, registrationOpen, usernames, trustHop, authSchemes } = config;
  const tokens = em.getRepository(Token);
  const uses = createUseRecorder({ write: (ids) => tokens.noteUse(ids, tokenPolicy), log, every: writeEvery(tokenPolicy) * 1000 });
  const background = createBackground(log);
  const sweeper = createSweeper({ em, log, sweeps: sweepsOf(features), countTokens: (swept) => metrics?.tokens('expired', swept) });
  const throttle = config.budgets ? createThrottle(em, config.budgets) : noThrottle;
  const mail =
    config.mail &&
    createPostOffice({
      em,
      settings: config.mail,
      product: config.productName,
      letters: lettersOf(features),
      throttle,
      log,
      count: metrics?.mail,
    });
  const events = createEventDelivery({ em, features, log, count: metrics?.event });
  const pool = hashPool ?? createHashPool({ queue: config.hashQueue, wait: config.hashWait });
  const passwords = createPasswords({
    cost: config.bcryptCost,
    policy: config.passwordPolicy,
    pool: metrics ? timedHashPool(pool, metrics.hash) : pool,
  });
  if (metrics) {
    metrics.watch({
      connections: database.connections,
      queuedMails: async () => (mail ? mail.queued() : null),
      queuedEvents: async () => (events ? events.queued() : null),
    });
    em.getEventManager().registerSubscriber(tokenCounter(metrics.tokens));
  }
  const isAway = (err: unknown) => {
    if (!isDatabaseAway(err)) return false;
    log.warn({ err }, 'the database cannot be asked about watched tokens');
    return true;
  };
  const topics = createTopics({ em, listen: database.listen, log });
  const context: ContextOptions = {
    em,
    passwords,
    throttle,
    findViewer: createViewerLoader(tokens, createLookup(em, database.runPrepared, tokenPolicy)),
    noteUse: uses.note,
    tokenWatch: createTokenWatch({ tokens, listen: database.listen, isAway }),
    topics,
    background,
    mail,
    tokenPolicy,
    registrationOpen,
    usernames,
    scopes: scopesOf(features),
    userColumns: userColumnsOf(features),
    trustHop,
    authSchemes,
  };
  const stop = async () => {
    await Promise.all([
      context.tokenWatch.stop(),
      background.stop(),
      passwords.stop(),
      uses.stop(),
      sweeper.stop(),
      mail?.stop(),
      events?.stop(),
      topics.stop(),
    ]);
  };
  return { context, stop };
}
