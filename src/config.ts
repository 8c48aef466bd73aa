import { existsSync } from 'node:fs';
import { z } from 'zod';
import { OperatorError } from './operator-error.ts';
import type { TokenPolicy } from './tokens/token-policy.ts';

// Not z.coerce: JavaScript takes "0x50", "1e3" and even " " for numbers.
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds; null for 0, which means never. */
const duration = z
  .string()
  .refine((text) => /^(0|[1-9]\d{0,5}[smhd])$/.test(text), 'must be a duration like 30d, 12h, 10m or 45s, or 0 for never')
  .transform((text) => (text === '0' ? null : Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 1)))
  .nullable();

const flag = z.stringbool({ error: 'must be true or false' });

const isPostgresUrl = (value: string) => URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol);
const postgresUrl = z.string().refine(isPostgresUrl, 'must be a URL like postgres://user:password@host:5432/database');

const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value;
const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isOrigin), 'must be origins like https://app.example.com, separated by commas');

const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65535).default(4000),
  REQUEST_TIMEOUT: duration.default(30),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).default(10),
  DATA_DIR: z.string().default('./data'),
  AUTO_MIGRATE: flag.optional(),
  BCRYPT_COST: wholeNumber(4, 31).default(12),
  PASSWORD_MIN_LENGTH: wholeNumber(1, 4096).default(8),
  CORS_ORIGINS: origins.default([]),
  GRAPHIQL: flag.optional(),
  INTROSPECTION: flag.optional(),
  REGISTRATION: z.enum(['open', 'closed'], 'must be open or closed').default('open'),
  TOKEN_TTL: duration.default(30 * 86_400),
  TOKEN_MAX_AGE: duration.default(null),
  TOKEN_LIMIT: wholeNumber(1, 1000).default(100),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be trace, debug, info, warn, error, fatal or silent')
    .default('info'),
});

/** Every variable that `loadConfig` reads. */
export const variableNames = Object.keys(settings.shape);

// A schema of its own: a check across variables would be skipped while any other one is wrong.
const productionSettings = settings.extend({
  BCRYPT_COST: settings.shape.BCRYPT_COST.refine((cost) => cost >= 10, 'must be at least 10 in production'),
});

export type Config = {
  readonly production: boolean;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Seconds that a request's header and body may take to arrive; null: for ever. */
  readonly requestTimeout: number | null;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolMax: number;
  readonly dataDir: string;
  /** Migrate on start instead of refusing to. Always so for the embedded database. */
  readonly autoMigrate: boolean;
  /** log2 of bcrypt's rounds. */
  readonly bcryptCost: number;
  /** Characters. */
  readonly passwordMinLength: number;
  readonly registrationOpen: boolean;
  readonly tokenPolicy: TokenPolicy;
  readonly corsOrigins: readonly string[];
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly logLevel: string;
};

type Environment = Record<string, string | undefined>;

/** The process's environment, completed by a `.env` file in the working directory; what is set already wins. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Reads the configuration. An empty variable counts as unset. @throws OperatorError that names every mistake at once. */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { success, data, error } = (given.NODE_ENV === 'production' ? productionSettings : settings).safeParse(given);
  if (!success) throw mistakes(error);
  const production = data.NODE_ENV === 'production';
  return {
    production,
    host: data.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: data.PORT,
    requestTimeout: data.REQUEST_TIMEOUT,
    databaseUrl: data.DATABASE_URL,
    databasePoolMax: data.DATABASE_POOL_MAX,
    dataDir: data.DATA_DIR,
    autoMigrate: data.AUTO_MIGRATE ?? data.DATABASE_URL === undefined,
    bcryptCost: data.BCRYPT_COST,
    passwordMinLength: data.PASSWORD_MIN_LENGTH,
    registrationOpen: data.REGISTRATION === 'open',
    tokenPolicy: { ttl: data.TOKEN_TTL, maxAge: data.TOKEN_MAX_AGE, limit: data.TOKEN_LIMIT },
    corsOrigins: data.CORS_ORIGINS,
    graphiql: data.GRAPHIQL ?? !production,
    introspection: data.INTROSPECTION ?? !production,
    logLevel: data.LOG_LEVEL,
  };
}

/** Who a superuser is to be, as far as the environment says. */
export type SuperuserSettings = {
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
};

/**
 * Reads what `createsuperuser --noinput` takes from the environment. Apart from the configuration, so that a server never holds the
 * password. Unlike there, an empty variable counts as given, as it does for Django: `SUPERUSER_EMAIL=` says that there is no address.
 */
export const loadSuperuserSettings = (env: Environment): SuperuserSettings => ({
  username: env.SUPERUSER_USERNAME,
  email: env.SUPERUSER_EMAIL,
  password: env.SUPERUSER_PASSWORD,
});

/** Names the variables, never their values: one may be a secret. */
function mistakes({ issues }: z.ZodError): OperatorError {
  const lines = issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
  return new OperatorError(`The configuration is not valid:\n${lines.join('\n')}`);
}
