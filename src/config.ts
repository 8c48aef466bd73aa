import { existsSync } from 'node:fs';
import { z } from 'zod';
import { type TrustHop, trustNobody } from './client.ts';
import { mailSettings, mailVariables, mailVariablesInProduction } from './config/mail.ts';
import { type Endpoint, observabilityVariables, tracingSettings } from './config/observability.ts';
import { readSecretFiles } from './config/secrets.ts';
import { budgetsOf, throttlingVariables, throttlingVariablesInProduction } from './config/throttling.ts';
import { authSchemes, duration, flag, origins, pause, postgresUrl, postgresUrls, seconds, wholeNumber } from './config/values.ts';
import { oneWorker, workers } from './config/workers.ts';
import type { MailSettings } from './mail/mail-settings.ts';
import type { TracingSettings } from './observability/tracing.ts';
import { OperatorError } from './operator-error.ts';
import type { Budgets } from './throttling/budget.ts';
import type { TokenPolicy } from './tokens/token-policy.ts';

const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65535).default(4000),
  WORKERS: workers.default(1),
  REQUEST_TIMEOUT: duration.default(30),
  KEEP_ALIVE: seconds.default(75),
  SHUTDOWN_DELAY: pause.optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_READ_URLS: postgresUrls.default([]),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).default(10),
  DATABASE_TIMEOUT: duration.default(10),
  DATABASE_WAIT: pause.default(30),
  DATA_DIR: z.string().default('./data'),
  AUTO_MIGRATE: flag.optional(),
  BCRYPT_COST: wholeNumber(4, 31).default(12),
  PASSWORD_MIN_LENGTH: wholeNumber(1, 4096).default(8),
  ...throttlingVariables,
  REGISTRATION: z.enum(['open', 'closed'], 'must be open or closed').default('open'),
  TOKEN_TTL: duration.default(30 * 86_400),
  TOKEN_MAX_AGE: duration.default(null),
  TOKEN_LIMIT: wholeNumber(1, 1000).default(100),
  AUTH_SCHEMES: authSchemes.default(['Token']),
  SUBSCRIPTIONS_PER_TOKEN: wholeNumber(1, 1000).default(10),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 1_000_000).default(1000),
  CORS_ORIGINS: origins.default([]),
  GRAPHIQL: flag.optional(),
  INTROSPECTION: flag.optional(),
  ...mailVariables,
  ...observabilityVariables,
});

/** Every variable that `loadConfig` reads. */
export const variableNames = Object.keys(settings.shape);

// Schemas of their own: a check across variables would be skipped while any other one is wrong.
const productionSettings = settings.extend({
  ...throttlingVariablesInProduction,
  BCRYPT_COST: settings.shape.BCRYPT_COST.refine((cost) => cost >= 10, 'must be at least 10 in production'),
});

function schemaFor(env: Environment) {
  const schema = schemaForStage(env);
  const isEmbedded = env.DATABASE_URL === undefined && env.DATABASE_URL_FILE === undefined;
  return isEmbedded ? schema.extend(forEmbedded) : schema;
}

const withoutServer = z.undefined({ error: 'needs DATABASE_URL beside it' }).optional();

const forEmbedded = { WORKERS: oneWorker.default(1), DATABASE_DIRECT_URL: withoutServer, DATABASE_READ_URLS: withoutServer };

function schemaForStage({ NODE_ENV, SMTP_URL }: Environment) {
  if (NODE_ENV !== 'production') return settings;
  return SMTP_URL === undefined ? productionSettings : productionSettings.extend(mailVariablesInProduction);
}

export type Config = {
  readonly production: boolean;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How many processes serve; 1: the one that was started. */
  readonly workers: number;
  /** Seconds that a request's header and body may take to arrive, and that a client may leave its answer unread; null: for ever. */
  readonly requestTimeout: number | null;
  /** Seconds that a connection is kept between two requests. */
  readonly keepAlive: number;
  /** Seconds between the announcement that the server stops and its stop. */
  readonly shutdownDelay: number;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Past a pooler; undefined: `databaseUrl`. */
  readonly databaseDirectUrl: string | undefined;
  readonly databaseReadUrls: readonly string[];
  readonly databasePoolMax: number;
  /** Seconds that a request waits at most for a PostgreSQL that does not answer; null: for ever. */
  readonly databaseTimeout: number | null;
  /** Seconds that a start waits for PostgreSQL. */
  readonly databaseWait: number;
  readonly dataDir: string;
  /** Migrate on start instead of refusing to. Always so for the embedded database. */
  readonly autoMigrate: boolean;
  /** log2 of bcrypt's rounds. */
  readonly bcryptCost: number;
  /** Characters. */
  readonly passwordMinLength: number;
  /** How many may wait for a core to hash their password. */
  readonly hashQueue: number;
  /** Null: nothing is throttled. */
  readonly budgets: Budgets | null;
  /** Which hops of X-Forwarded-For are believed. */
  readonly trustHop: TrustHop;
  readonly registrationOpen: boolean;
  readonly tokenPolicy: TokenPolicy;
  /** Null: this server sends no mail. */
  readonly mail: MailSettings | null;
  /** How keys may be introduced in the Authorization header; the first one is what the challenge names. */
  readonly authSchemes: readonly string[];
  readonly subscriptionLimits: { readonly perToken: number; readonly perProcess: number };
  /** `*` stands for one label. */
  readonly corsOrigins: readonly string[];
  /** Whether front ends of this machine may read the answers, too, on whichever port. */
  readonly corsLocalhost: boolean;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly logLevel: string;
  /** For people rather than programs. */
  readonly prettyLog: boolean;
  /** Where Prometheus may ask; undefined: nothing is measured. */
  readonly metrics: Endpoint | undefined;
  /** Null: nothing is traced. */
  readonly tracing: TracingSettings | null;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment, completed by a `.env` file in the working directory; what is set already wins. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Reads the configuration. An empty variable counts as unset. @throws OperatorError that names every mistake at once. */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const secrets = readSecretFiles(given);
  const values = { ...given, ...secrets.values };
  const { success, data, error } = schemaFor(values).safeParse(values);
  if (!success || secrets.mistakes.length > 0) throw mistakes(secrets.mistakes, error);
  const production = data.NODE_ENV === 'production';
  return {
    production,
    host: data.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: data.PORT,
    workers: data.WORKERS,
    requestTimeout: data.REQUEST_TIMEOUT,
    keepAlive: data.KEEP_ALIVE,
    shutdownDelay: data.SHUTDOWN_DELAY ?? (production ? 5 : 0),
    databaseUrl: data.DATABASE_URL,
    databaseDirectUrl: data.DATABASE_DIRECT_URL,
    databaseReadUrls: data.DATABASE_READ_URLS ?? [],
    databasePoolMax: data.DATABASE_POOL_MAX,
    databaseTimeout: data.DATABASE_TIMEOUT,
    databaseWait: data.DATABASE_WAIT,
    dataDir: data.DATA_DIR,
    autoMigrate: data.AUTO_MIGRATE ?? data.DATABASE_URL === undefined,
    bcryptCost: data.BCRYPT_COST,
    passwordMinLength: data.PASSWORD_MIN_LENGTH,
    hashQueue: data.HASH_QUEUE,
    budgets: budgetsOf(data),
    trustHop: data.TRUST_PROXY ?? trustNobody,
    registrationOpen: data.REGISTRATION === 'open',
    tokenPolicy: { ttl: data.TOKEN_TTL, maxAge: data.TOKEN_MAX_AGE, limit: data.TOKEN_LIMIT },
    mail: mailSettings(data, production),
    authSchemes: data.AUTH_SCHEMES,
    subscriptionLimits: { perToken: data.SUBSCRIPTIONS_PER_TOKEN, perProcess: data.SUBSCRIPTIONS_MAX },
    corsOrigins: data.CORS_ORIGINS,
    corsLocalhost: data.NODE_ENV === 'development',
    graphiql: data.GRAPHIQL ?? !production,
    introspection: data.INTROSPECTION ?? !production,
    logLevel: data.LOG_LEVEL,
    prettyLog: data.NODE_ENV === 'development',
    metrics: data.METRICS,
    tracing: tracingSettings(data),
  };
}

/** Names the variables, never their values: one may be a secret. */
function mistakes(unreadable: readonly string[], error: z.ZodError | undefined): OperatorError {
  const wrong = error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const details = [...unreadable, ...wrong];
  return new OperatorError(['The configuration is not valid:', ...details].join('\n  '), { code: 'CONFIGURATION_INVALID', details });
}
