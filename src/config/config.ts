import { existsSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { type TrustHop, trustNobody } from '../shared/client.ts';
import { OperatorError } from '../shared/operator-error.ts';
import type { Budgets } from './budget.ts';
import { commandVariables } from './command-settings.ts';
import { mailSettings, mailVariables, mailVariablesInProduction } from './mail.ts';
import type { MailSettings } from './mail-settings.ts';
import type { TracingSettings } from './observability.ts';
import { type Endpoint, observabilityVariables, tracingSettings } from './observability.ts';
import type { PasswordPolicy } from './passwords.ts';
import { readSecretFiles, secrets as secretVariables } from './secrets.ts';
import { shownValue } from './shown-value.ts';
import { describeStranger, findStrangers, type Stranger } from './strangers.ts';
import { readTextFile, UnreadableText } from './text-file.ts';
import { budgetsOf, throttlingVariables, throttlingVariablesInProduction } from './throttling.ts';
import type { TokenPolicy } from './token-policy.ts';
import type { UsernameAlphabet } from './usernames.ts';
import { authSchemes, duration, flag, hostsOf, origins, pause, postgresUrl, postgresUrls, seconds, wait, wholeNumber } from './values.ts';
import { oneWorker, workers } from './workers.ts';

const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65535).default(4000),
  WORKERS: workers.default(1),
  REQUEST_TIMEOUT: wait.default(30),
  KEEP_ALIVE: seconds.default(75),
  SHUTDOWN_DELAY: pause.optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_READ_URLS: postgresUrls.default([]),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).default(10),
  DATABASE_TIMEOUT: wait.default(10),
  DATABASE_WAIT: pause.default(30),
  DATA_DIR: z.string().default('./data'),
  AUTO_MIGRATE: flag.optional(),
  BCRYPT_COST: wholeNumber(4, 31).default(12),
  PASSWORD_MIN_LENGTH: wholeNumber(1, 4096).default(8),
  ...throttlingVariables,
  REGISTRATION: z.enum(['open', 'closed'], 'must be open or closed').default('open'),
  USERNAMES: z.enum(['unicode', 'ascii'], 'must be unicode or ascii').default('unicode'),
  TOKEN_TTL: duration.default(30 * 86_400),
  TOKEN_MAX_AGE: duration.default(null),
  TOKEN_MAX_EXPIRY: duration.default(365 * 86_400),
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
  readonly passwordPolicy: PasswordPolicy;
  /** How many may wait for a core to hash their password. */
  readonly hashQueue: number;
  /** Seconds that they may wait. */
  readonly hashWait: number;
  /** Null: nothing is throttled. */
  readonly budgets: Budgets | null;
  /** Which hops of X-Forwarded-For are believed. */
  readonly trustHop: TrustHop;
  readonly registrationOpen: boolean;
  /** What new usernames are made of. */
  readonly usernames: UsernameAlphabet;
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

/**
 * The process's environment, completed by a `.env` file in the working directory; what is set already wins.
 * @throws OperatorError when that file is no text
 */
export function readEnvironment(): Environment {
  if (existsSync('.env')) Object.assign(process.env, { ...parseEnv(readDotEnv()), ...process.env });
  return process.env;
}

function readDotEnv(): string {
  try {
    return readTextFile('.env');
  } catch (error) {
    throw error instanceof UnreadableText ? new OperatorError(`The file .env ${error.message}.`, { code: 'CONFIGURATION_INVALID' }) : error;
  }
}

const known = [...variableNames, ...secretVariables.map((name) => `${name}_FILE`), ...commandVariables];

/** Variables that look like a setting and are none. */
export const strangersIn = (env: Environment): Stranger[] => findStrangers(Object.keys(env), known);

/** Reads the configuration. An empty variable counts as unset. @throws OperatorError that names every mistake at once. */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const secrets = readSecretFiles(given);
  const values = { ...given, ...secrets.values };
  const { success, data, error } = schemaFor(values).safeParse(values);
  if (!success || secrets.mistakes.length > 0) throw mistakes({ unreadable: secrets.mistakes, error, values });
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
    passwordPolicy: {
      minLength: data.PASSWORD_MIN_LENGTH,
      hosts: hostsOf([data.PASSWORD_RESET_URL, data.EMAIL_VERIFICATION_URL, ...data.CORS_ORIGINS]),
    },
    hashQueue: data.HASH_QUEUE,
    hashWait: data.HASH_WAIT,
    budgets: budgetsOf(data),
    trustHop: data.TRUST_PROXY ?? trustNobody,
    registrationOpen: data.REGISTRATION === 'open',
    usernames: data.USERNAMES,
    tokenPolicy: { ttl: data.TOKEN_TTL, maxAge: data.TOKEN_MAX_AGE, maxExpiry: data.TOKEN_MAX_EXPIRY, limit: data.TOKEN_LIMIT },
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

type Mistakes = { readonly unreadable: readonly string[]; readonly error: z.ZodError | undefined; readonly values: Environment };

/** Shows what is wrong with each variable and its value, masked where that may be a secret, and which may be misspelled. */
function mistakes({ unreadable, error, values }: Mistakes): OperatorError {
  const wrong = error?.issues.map(({ path, message }) => describeMistake(path.join('.'), message, values)) ?? [];
  const details = [...unreadable, ...wrong];
  const lines = [...details, ...strangersIn(values).map(describeStranger)];
  return new OperatorError(['The configuration is not valid:', ...lines].join('\n  '), { code: 'CONFIGURATION_INVALID', details });
}

function describeMistake(name: string, message: string, values: Environment): string {
  const value = values[name];
  return value === undefined ? `${name} ${message}` : `${name} ${message} (it is ${shownValue(name, value)})`;
}
