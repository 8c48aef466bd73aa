import type { z } from 'zod';
import { type TrustHop, trustNobody } from '../shared/client.ts';
import { OperatorError } from '../shared/operator-error.ts';
import type { PasswordPolicy, UsernameAlphabet } from './accounts.ts';
import { describeStranger, readSecretFiles, strangersIn } from './environment.ts';
import { productionDefaults, schemaFor } from './every-variable.ts';
import { type MailSettings, mailSettings } from './mail.ts';
import { type Endpoint, type TracingSettings, tracingSettings } from './observability.ts';
import { type PageSettings, pageSettings } from './pages.ts';
import { type Budgets, budgetsOf } from './throttling.ts';
import type { TokenPolicy } from './tokens.ts';
import { hostsOf, shownValue } from './values.ts';
import type { Environment } from './variable.ts';
import { type WebhookSettings, webhookSettings } from './webhooks.ts';

export type Config = {
  readonly production: boolean;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How many processes serve requests; 1: the main process itself does. */
  readonly workers: number;
  /** Seconds that a request's header and body may take to arrive, and that a client may read nothing of its answer; null: for ever. */
  readonly requestTimeout: number | null;
  /** Seconds that an idle connection stays open. */
  readonly keepAlive: number;
  /** Seconds that /readyz answers 503 before the server stops listening. */
  readonly shutdownDelay: number;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Without a pooler in between; undefined: `databaseUrl`. */
  readonly databaseDirectUrl: string | undefined;
  readonly databaseReadUrls: readonly string[];
  readonly databasePoolMax: number;
  /** Seconds that a request waits while PostgreSQL does not answer; null: for ever. */
  readonly databaseTimeout: number | null;
  /** Seconds that a starting server waits for PostgreSQL. */
  readonly databaseWait: number;
  readonly dataDir: string;
  /** Migrate on start; otherwise refuse to start on a database that is not migrated. True by default for the embedded database. */
  readonly autoMigrate: boolean;
  /** log2 of bcrypt's rounds. */
  readonly bcryptCost: number;
  readonly passwordPolicy: PasswordPolicy;
  /** How many passwords may wait for a free core to hash them. */
  readonly hashQueue: number;
  /** Seconds that each may wait. */
  readonly hashWait: number;
  /** Null: nothing is throttled. */
  readonly budgets: Budgets | null;
  /** Tells which hops of X-Forwarded-For to believe. */
  readonly trustHop: TrustHop;
  readonly registrationOpen: boolean;
  /** The characters that new usernames may have. */
  readonly usernames: UsernameAlphabet;
  readonly tokenPolicy: TokenPolicy;
  /** Null: this server sends no mail. */
  readonly mail: MailSettings | null;
  /** The schemes that may precede a key in the Authorization header; the challenge of a 401 names the first one. */
  readonly authSchemes: readonly string[];
  readonly subscriptionLimits: { readonly perToken: number; readonly perProcess: number };
  /** `*` stands for one label. */
  readonly corsOrigins: readonly string[];
  /** Whether front ends on any port of this machine may read answers, too. */
  readonly corsLocalhost: boolean;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  /** PRODUCT_NAME */
  readonly productName: string;
  /** Null: the server has no pages for people. */
  readonly pages: PageSettings | null;
  /** Null: events are sent nowhere. */
  readonly webhooks: WebhookSettings | null;
  readonly logLevel: string;
  /** Whether the log is for people rather than programs. */
  readonly prettyLog: boolean;
  /** Where Prometheus finds the metrics; undefined: nothing is measured. */
  readonly metrics: Endpoint | undefined;
  /** Null: nothing is traced. */
  readonly tracing: TracingSettings | null;
};

/** Reads the configuration. An empty variable counts as unset. @throws OperatorError that lists all invalid variables at once */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const secrets = readSecretFiles(given);
  const defaults = given.NODE_ENV === 'production' ? productionDefaults : {};
  const values = { ...defaults, ...given, ...secrets.values };
  const { success, data, error } = schemaFor(values).safeParse(values);
  if (!success || secrets.mistakes.length > 0) throw mistakes({ unreadable: secrets.mistakes, error, values });
  const production = data.NODE_ENV === 'production';
  return {
    production,
    host: data.HOST,
    port: data.PORT,
    workers: data.WORKERS,
    requestTimeout: data.REQUEST_TIMEOUT,
    keepAlive: data.KEEP_ALIVE,
    shutdownDelay: data.SHUTDOWN_DELAY,
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
      hosts: hostsOf([data.PASSWORD_RESET_URL, data.EMAIL_VERIFICATION_URL, data.PUBLIC_URL, ...data.CORS_ORIGINS]),
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
    graphiql: data.GRAPHIQL,
    introspection: data.INTROSPECTION,
    productName: data.PRODUCT_NAME,
    pages: pageSettings(data),
    webhooks: webhookSettings(data),
    logLevel: data.LOG_LEVEL,
    prettyLog: data.NODE_ENV === 'development',
    metrics: data.METRICS,
    tracing: tracingSettings(data),
  };
}

type Mistakes = { readonly unreadable: readonly string[]; readonly error: z.ZodError | undefined; readonly values: Environment };

/** Lists what is wrong with each variable, its value (masked if it may be a secret) and the names that may be misspelled. */
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
