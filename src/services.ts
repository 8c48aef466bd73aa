import { createBackground } from './background/background.ts';
import type { Config } from './config.ts';
import type { ContextOptions } from './context.ts';
import type { Database } from './database/database.ts';
import { isDatabaseAway } from './database/database-away.ts';
import { createPostOffice } from './mail/post-office.ts';
import type { Log } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import { createHashPool, type HashPool, timedHashPool } from './passwords/hash-pool.ts';
import { createPasswords } from './passwords/passwords.ts';
import type { Feature } from './shared/feature.ts';
import { sweepsOf } from './sweeping/sweep.ts';
import { createSweeper } from './sweeping/sweeper.ts';
import { createThrottle, noThrottle } from './throttling/throttle.ts';
import { Token } from './tokens/token.entity.ts';
import { viewerStatement } from './tokens/token.repository.ts';
import { tokenCounter } from './tokens/token-counter.ts';
import { writeEvery } from './tokens/token-policy.ts';
import { createTokenWatch } from './tokens/token-watch.ts';
import { createUseRecorder } from './tokens/use-recorder.ts';
import { createViewerLoader } from './tokens/viewer-loader.ts';

export type ServiceOptions = {
  readonly config: Config;
  readonly database: Database;
  readonly features: readonly Feature[];
  readonly log: Log;
  /** Defaults to threads of this process. */
  readonly hashPool?: HashPool | undefined;
  /** Null: nothing is measured. */
  readonly metrics?: Metrics | null;
};

/** What lives as long as the server: what all requests share, and what works in the background until `stop`. */
export function createServices({ config, database, features, log, hashPool, metrics = null }: ServiceOptions) {
  const { em } = database.orm;
  const { tokenPolicy, registrationOpen, usernames, trustHop, authSchemes } = config;
  const tokens = em.getRepository(Token);
  const uses = createUseRecorder({ write: (ids) => tokens.noteUse(ids, tokenPolicy), log, every: writeEvery(tokenPolicy) * 1000 });
  const background = createBackground(log);
  const sweeper = createSweeper({ em, log, sweeps: sweepsOf(features), countTokens: (swept) => metrics?.tokens('expired', swept) });
  const throttle = config.budgets ? createThrottle(em, config.budgets) : noThrottle;
  const mail = config.mail && createPostOffice({ em, settings: config.mail, throttle, log, count: metrics?.mail });
  const pool = hashPool ?? createHashPool({ queue: config.hashQueue, wait: config.hashWait });
  const passwords = createPasswords({
    cost: config.bcryptCost,
    policy: config.passwordPolicy,
    pool: metrics ? timedHashPool(pool, metrics.hash) : pool,
  });
  if (metrics) {
    metrics.watch({ connections: database.connections, queuedMails: async () => (mail ? mail.queued() : null) });
    em.getEventManager().registerSubscriber(tokenCounter(metrics.tokens));
  }
  const isAway = (err: unknown) => {
    if (!isDatabaseAway(err)) return false;
    log.warn({ err }, 'the database cannot be asked about watched tokens');
    return true;
  };
  const context: ContextOptions = {
    em,
    passwords,
    throttle,
    findViewer: createViewerLoader(tokens, { run: database.runPrepared, statement: viewerStatement(tokenPolicy) }),
    noteUse: uses.note,
    tokenWatch: createTokenWatch({ tokens, listen: database.listen, isAway }),
    background,
    mail,
    tokenPolicy,
    registrationOpen,
    usernames,
    trustHop,
    authSchemes,
  };
  const stop = async () => {
    await Promise.all([context.tokenWatch.stop(), background.stop(), passwords.stop(), uses.stop(), sweeper.stop(), mail?.stop()]);
  };
  return { context, stop };
}
