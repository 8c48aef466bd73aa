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
import { createSweeper } from './sweeping/sweeper.ts';
import { createThrottle, noThrottle } from './throttling/throttle.ts';
import { Token } from './tokens/token.entity.ts';
import { tokenCounter } from './tokens/token-counter.ts';
import { createTokenWatch } from './tokens/token-watch.ts';
import { createUseRecorder } from './tokens/use-recorder.ts';
import { createViewerLoader } from './tokens/viewer-loader.ts';

export type ServiceOptions = {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  /** Defaults to threads of this process. */
  readonly hashPool?: HashPool | undefined;
  /** Null: nothing is measured. */
  readonly metrics?: Metrics | null;
};

/** What lives as long as the server: what all requests share, and what works in the background until `stop`. */
export function createServices({ config, database, log, hashPool, metrics = null }: ServiceOptions) {
  const { em } = database.orm;
  const { tokenPolicy, registrationOpen, trustHop, authSchemes } = config;
  const tokens = em.getRepository(Token);
  const uses = createUseRecorder({ write: (ids) => tokens.noteUse(ids, tokenPolicy), log });
  const background = createBackground(log);
  const sweeper = createSweeper({ em, log, countTokens: (swept) => metrics?.tokens('expired', swept) });
  const mail = config.mail && createPostOffice({ em, settings: config.mail, log, count: metrics?.mail });
  const pool = hashPool ?? createHashPool({ queue: config.hashQueue });
  const passwords = createPasswords({
    cost: config.bcryptCost,
    minLength: config.passwordMinLength,
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
    throttle: config.budgets ? createThrottle(em, config.budgets) : noThrottle,
    findViewer: createViewerLoader(tokens, database.runPrepared),
    noteUse: uses.note,
    tokenWatch: createTokenWatch({ tokens, listen: database.listen, isAway }),
    background,
    mail,
    tokenPolicy,
    registrationOpen,
    trustHop,
    authSchemes,
  };
  const stop = async () => {
    await Promise.all([context.tokenWatch.stop(), background.stop(), passwords.stop(), uses.stop(), sweeper.stop(), mail?.stop()]);
  };
  return { context, stop };
}
