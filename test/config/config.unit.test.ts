import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { strangersIn } from '../../src/config/environment.ts';
import { variableNames } from '../../src/config/every-variable.ts';
import { trustNobody } from '../../src/shared/client.ts';
import { OperatorError } from '../../src/shared/operator-error.ts';
import { failToStart } from '../support/app/server-process.ts';

const SECRET = 'Xyzzy9Plugh';

const inDevelopment = {
  production: false,
  host: '127.0.0.1',
  port: 4000,
  workers: 1,
  requestTimeout: 30,
  keepAlive: 75,
  shutdownDelay: 0,
  databaseUrl: undefined,
  databaseDirectUrl: undefined,
  databaseReadUrls: [],
  databasePoolMax: 10,
  databaseTimeout: 10,
  databaseWait: 30,
  dataDir: './data',
  autoMigrate: true,
  bcryptCost: 12,
  passwordPolicy: { minLength: 8, hosts: [] },
  hashQueue: 50,
  hashWait: 10,
  budgets: {
    loginPerAccount: { limit: 10, seconds: 300 },
    loginPerAccountEverywhere: { limit: 100, seconds: 3600 },
    loginPerAddress: { limit: 50, seconds: 300 },
    passwordPerUser: { limit: 10, seconds: 300 },
    confirmedPerUser: { limit: 60, seconds: 3600 },
    registerPerAddress: { limit: 20, seconds: 3600 },
    resetPerAddress: { limit: 5, seconds: 3600 },
    linkPerAddress: { limit: 20, seconds: 3600 },
    unknownTokens: { limit: 600, seconds: 300 },
    staffActs: { limit: 60, seconds: 600 },
    staffReads: { limit: 600, seconds: 600 },
    mailsPerAddress: { limit: 30, seconds: 3600 },
    mailsPerHour: { limit: 5, seconds: 3600 },
    mailsPerDay: { limit: 20, seconds: 86_400 },
    untrustedMailsPerHour: { limit: 4, seconds: 3600 },
    untrustedMailsPerDay: { limit: 16, seconds: 86_400 },
    noticesPerHour: { limit: 5, seconds: 3600 },
    noticesPerDay: { limit: 20, seconds: 86_400 },
  },
  trustHop: trustNobody,
  registrationOpen: true,
  usernames: 'unicode',
  productName: 'graphql-token-auth',
  webhooks: null,
  tokenPolicy: { ttl: 2_592_000, maxAge: null, maxExpiry: 31_536_000, limit: 100 },
  mail: {
    smtpUrl: null,
    smtpTimeout: 10_000,
    outbox: 'data/outbox',
    from: 'graphql-token-auth <no-reply@localhost>',
    passwordResetUrl: 'http://localhost:4000/account/reset-password#token={token}',
    emailVerificationUrl: 'http://localhost:4000/account/verify-email#token={token}',
  },
  authSchemes: ['Token'],
  subscriptionLimits: { perToken: 10, perProcess: 1000 },
  corsOrigins: [],
  corsLocalhost: true,
  graphiql: true,
  introspection: true,
  pages: { account: true, admin: true, productName: 'graphql-token-auth', logo: undefined, color: '#2457c5' },
  logLevel: 'info',
  prettyLog: true,
  metrics: undefined,
  tracing: null,
};

describe('the configuration by default', () => {
  it('lets everything work at once in development', () => {
    expect(loadConfig({})).toEqual(inDevelopment);
  });

  it('listens everywhere, shows less, sends no mail and announces a stop in production', () => {
    const hidden = { corsLocalhost: false, graphiql: false, introspection: false, pages: null, prettyLog: false };
    const different = { production: true, host: '0.0.0.0', ...hidden, mail: null, shutdownDelay: 5 };
    expect(loadConfig({ NODE_ENV: 'production' })).toEqual({ ...inDevelopment, ...different });
  });

  it('leaves the migration of a PostgreSQL server to the operator', () => {
    expect(loadConfig({ DATABASE_URL: 'postgres://db/app' }).autoMigrate).toBe(false);
    expect(loadConfig({ DATABASE_URL: 'postgresql://db/app', AUTO_MIGRATE: 'true' }).autoMigrate).toBe(true);
  });

  it('stays the same with empty variables, as a compose file passes them on', () => {
    const empty = ['NODE_ENV', 'HOST', 'PORT', 'DATABASE_URL', 'DATA_DIR', 'AUTO_MIGRATE', 'BCRYPT_COST', 'CORS_ORIGINS', 'GRAPHIQL'];
    expect(loadConfig(Object.fromEntries(empty.map((name) => [name, ''])))).toEqual(inDevelopment);
  });
});

describe('a variable', () => {
  it.each([
    { env: { HOST: '::1' }, config: { host: '::1' } },
    { env: { PORT: '0' }, config: { port: 0 } },
    { env: { PORT: '65535' }, config: { port: 65535 } },
    { env: { WORKERS: '1' }, config: { workers: 1 } },
    { env: { WORKERS: '3', DATABASE_URL: 'postgres://db/app' }, config: { workers: 3 } },
    { env: { WORKERS: 'auto', DATABASE_URL: 'postgres://db/app' }, config: { workers: availableParallelism() } },
    {
      env: {
        DATABASE_URL: 'postgres://db/app',
        DATABASE_DIRECT_URL: 'postgres://pg/app',
        DATABASE_READ_URLS: 'postgres://r/1, postgres://r/2',
      },
      config: { databaseDirectUrl: 'postgres://pg/app', databaseReadUrls: ['postgres://r/1', 'postgres://r/2'] },
    },
    { env: { DATA_DIR: '/var/lib/app' }, config: { dataDir: '/var/lib/app' } },
    { env: { DATABASE_POOL_MAX: '50' }, config: { databasePoolMax: 50 } },
    { env: { BCRYPT_COST: '4', NODE_ENV: 'test' }, config: { bcryptCost: 4 } },
    { env: { BCRYPT_COST: '10', NODE_ENV: 'production' }, config: { bcryptCost: 10 } },
    { env: { THROTTLE: 'off' }, config: { budgets: null } },
    { env: { THROTTLE_LOGIN_ACCOUNT: '3/90s' }, config: { budgets: { loginPerAccount: { limit: 3, seconds: 90 } } } },
    { env: { HASH_QUEUE: '1' }, config: { hashQueue: 1 } },
    { env: { HASH_WAIT: '1s' }, config: { hashWait: 1 } },
    { env: { HASH_WAIT: '99s' }, config: { hashWait: 99 } },
    { env: { REGISTRATION: 'closed' }, config: { registrationOpen: false } },
    { env: { TOKEN_TTL: '0', TOKEN_MAX_AGE: '90d' }, config: { tokenPolicy: { ttl: null, maxAge: 7_776_000, limit: 100 } } },
    { env: { TOKEN_MAX_EXPIRY: '90d' }, config: { tokenPolicy: { maxExpiry: 7_776_000 } } },
    { env: { TOKEN_MAX_EXPIRY: '0' }, config: { tokenPolicy: { maxExpiry: null } } },
    { env: { TOKEN_TTL: '10m', TOKEN_MAX_AGE: '0' }, config: { tokenPolicy: { ttl: 600, maxAge: null, limit: 100 } } },
    { env: { TOKEN_LIMIT: '1' }, config: { tokenPolicy: { ttl: 2_592_000, maxAge: null, limit: 1 } } },
    { env: { REQUEST_TIMEOUT: '5s' }, config: { requestTimeout: 5 } },
    { env: { REQUEST_TIMEOUT: '0' }, config: { requestTimeout: null } },
    { env: { PASSWORD_MIN_LENGTH: '15' }, config: { passwordPolicy: { minLength: 15, hosts: [] } } },
    {
      env: {
        CORS_ORIGINS: 'https://app.example.com,https://app.example.com:8443',
        PASSWORD_RESET_URL: 'https://www.example.org/r?t={token}',
      },
      config: {
        passwordPolicy: { minLength: 8, hosts: ['www.example.org', 'app.example.com'] },
        corsOrigins: ['https://app.example.com', 'https://app.example.com:8443'],
        mail: { ...inDevelopment.mail, passwordResetUrl: 'https://www.example.org/r?t={token}' },
      },
    },
    { env: { USERNAMES: 'ascii' }, config: { usernames: 'ascii' } },
    {
      env: { CORS_ORIGINS: 'https://a.example, http://localhost:5173' },
      config: { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    },
    {
      env: { CORS_ORIGINS: 'https://A.example:443/, https://*.a.example:8443/, capacitor://localhost, tauri://localhost/' },
      config: { corsOrigins: ['https://a.example', 'https://*.a.example:8443', 'capacitor://localhost', 'tauri://localhost'] },
    },
    { env: { KEEP_ALIVE: '2m' }, config: { keepAlive: 120 } },
    { env: { AUTH_SCHEMES: 'token, bearer' }, config: { authSchemes: ['Token', 'Bearer'] } },
    {
      env: { SUBSCRIPTIONS_PER_TOKEN: '3', SUBSCRIPTIONS_MAX: '20' },
      config: { subscriptionLimits: { perToken: 3, perProcess: 20 } },
    },
    { env: { GRAPHIQL: 'true', NODE_ENV: 'production' }, config: { graphiql: true, introspection: false } },
    { env: { INTROSPECTION: 'false' }, config: { graphiql: true, introspection: false } },
    { env: { LOG_LEVEL: 'silent' }, config: { logLevel: 'silent' } },
  ])('set by $env is read', ({ env, config }) => {
    expect(loadConfig(env)).toMatchObject(config);
  });
});

const wrong = [
  { env: { NODE_ENV: SECRET }, message: 'NODE_ENV must be development, test or production' },
  { env: { PORT: SECRET }, message: 'PORT must be a whole number from 0 to 65535' },
  { env: { PORT: '80.5' }, message: 'PORT must be a whole number from 0 to 65535' },
  { env: { PORT: '65536' }, message: 'PORT must be at most 65535' },
  { env: { PORT: '-1' }, message: 'PORT must be at least 0' },
  { env: { PORT: ' ' }, message: 'PORT must be a whole number from 0 to 65535' },
  { env: { PORT: '0x50' }, message: 'PORT must be a whole number from 0 to 65535' },
  { env: { PORT: 'Infinity' }, message: 'PORT must be a whole number from 0 to 65535' },
  { env: { WORKERS: SECRET }, message: 'WORKERS must be a whole number from 1 to 999, or auto' },
  { env: { WORKERS: '0', DATABASE_URL: 'postgres://db/app' }, message: 'WORKERS must be a whole number from 1 to 999, or auto' },
  { env: { WORKERS: '2' }, message: 'WORKERS must be 1 with the embedded database' },
  { env: { WORKERS: 'auto' }, message: 'WORKERS must be 1 with the embedded database' },
  { env: { DATABASE_URL: SECRET }, message: 'DATABASE_URL must be a URL like postgres://' },
  { env: { DATABASE_URL: `mysql://root:${SECRET}@db/app` }, message: 'DATABASE_URL must be a URL like postgres://' },
  { env: { DATABASE_URL: `postgres://root:${SECRET}@db:port/app` }, message: 'DATABASE_URL must be a URL like postgres://' },
  { env: { DATABASE_URL: `postgres://root:${SECRET}@a,b/app` }, message: 'DATABASE_URL must be a URL like postgres://' },
  { env: { DATABASE_DIRECT_URL: `postgres://root:${SECRET}@db/app` }, message: 'DATABASE_DIRECT_URL needs DATABASE_URL to be set' },
  { env: { DATABASE_READ_URLS: `postgres://root:${SECRET}@db/app` }, message: 'DATABASE_READ_URLS needs DATABASE_URL to be set' },
  {
    env: { DATABASE_URL: 'postgres://db/app', DATABASE_READ_URLS: `postgres://db/app,${SECRET}` },
    message: 'DATABASE_READ_URLS must be URLs like postgres://',
  },
  { env: { DATABASE_POOL_MAX: '0' }, message: 'DATABASE_POOL_MAX must be at least 1' },
  { env: { AUTO_MIGRATE: SECRET }, message: 'AUTO_MIGRATE must be true or false' },
  { env: { BCRYPT_COST: '3' }, message: 'BCRYPT_COST must be at least 4' },
  { env: { BCRYPT_COST: '32' }, message: 'BCRYPT_COST must be at most 31' },
  { env: { BCRYPT_COST: '9', NODE_ENV: 'production' }, message: 'BCRYPT_COST must be at least 10 in production' },
  { env: { PASSWORD_MIN_LENGTH: '0' }, message: 'PASSWORD_MIN_LENGTH must be at least 1' },
  { env: { CORS_ORIGINS: '*' }, message: 'CORS_ORIGINS must be origins like https://app.example.com' },
  { env: { CORS_ORIGINS: 'null' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://a.example/path' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://*' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://*.com' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://*.*.example' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://a.*.example' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'https://app*.example.com' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'capacitor://*' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'javascript:alert(1)' }, message: 'CORS_ORIGINS must be origins' },
  { env: { CORS_ORIGINS: 'file:///index.html' }, message: 'CORS_ORIGINS must be origins' },
  { env: { KEEP_ALIVE: '0' }, message: 'KEEP_ALIVE must be a duration like 75s or 2m' },
  { env: { AUTH_SCHEMES: 'token bearer' }, message: 'AUTH_SCHEMES must be schemes like token,bearer' },
  { env: { SUBSCRIPTIONS_MAX: '0' }, message: 'SUBSCRIPTIONS_MAX must be at least 1' },
  { env: { SUBSCRIPTIONS_PER_TOKEN: 'x' }, message: 'SUBSCRIPTIONS_PER_TOKEN must be a whole number' },
  { env: { CORS_ORIGINS: `https://a.example, ${SECRET}` }, message: 'CORS_ORIGINS must be origins' },
  { env: { GRAPHIQL: SECRET }, message: 'GRAPHIQL must be true or false' },
  { env: { INTROSPECTION: '2' }, message: 'INTROSPECTION must be true or false' },
  { env: { THROTTLE: SECRET }, message: 'THROTTLE must be on or off' },
  { env: { THROTTLE: 'off', NODE_ENV: 'production' }, message: 'THROTTLE must be on in production' },
  { env: { THROTTLE_REGISTER: '20' }, message: 'THROTTLE_REGISTER must be a number of attempts and a duration, like 10/5m' },
  { env: { THROTTLE_RESET: '0/1h' }, message: 'THROTTLE_RESET must be a number of attempts' },
  { env: { HASH_QUEUE: '0' }, message: 'HASH_QUEUE must be a whole number' },
  { env: { HASH_WAIT: '0' }, message: 'HASH_WAIT must be from 1s to 99s' },
  { env: { HASH_WAIT: '5m' }, message: 'HASH_WAIT must be from 1s to 99s' },
  { env: { TRUST_PROXY: SECRET }, message: 'TRUST_PROXY must be a number of proxies' },
  { env: { TRUST_PROXY: '10.0.0.0/33' }, message: 'TRUST_PROXY must be a number of proxies' },
  { env: { REGISTRATION: SECRET }, message: 'REGISTRATION must be open or closed' },
  { env: { TOKEN_TTL: '30' }, message: 'TOKEN_TTL must be a duration like 30d, 12h, 10m or 45s, or 0 for no limit' },
  { env: { TOKEN_TTL: '-1d' }, message: 'TOKEN_TTL must be a duration' },
  { env: { TOKEN_MAX_AGE: SECRET }, message: 'TOKEN_MAX_AGE must be a duration' },
  { env: { REQUEST_TIMEOUT: '5' }, message: 'REQUEST_TIMEOUT must be a duration' },
  { env: { REQUEST_TIMEOUT: '2d' }, message: 'REQUEST_TIMEOUT must be at most 1d' },
  { env: { SHUTDOWN_DELAY: '30d' }, message: 'SHUTDOWN_DELAY must be at most 1d' },
  { env: { DATABASE_TIMEOUT: '999999d' }, message: 'DATABASE_TIMEOUT must be at most 1d' },
  { env: { DATABASE_WAIT: '25h' }, message: 'DATABASE_WAIT must be at most 1d' },
  { env: { TOKEN_MAX_EXPIRY: '1y' }, message: 'TOKEN_MAX_EXPIRY must be a duration' },
  { env: { TOKEN_LIMIT: '0' }, message: 'TOKEN_LIMIT must be at least 1' },
  { env: { LOG_LEVEL: SECRET }, message: 'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent' },
];

const complaintOf = (env: Record<string, string>): string => {
  try {
    return `none: ${JSON.stringify(loadConfig(env))}`;
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError);
    return error instanceof Error ? error.message : '';
  }
};

describe('an invalid variable', () => {
  it.each(wrong)('in $env is named, with its value unless that may be a secret', ({ env, message }) => {
    const [name = ''] = message.split(' ', 1);
    const value = Object.entries<string>(env).find(([variable]) => variable === name)?.[1] ?? '';
    expect(complaintOf(env)).toContain(`\n  ${message}`);
    if (name.startsWith('DATABASE') && value.includes(SECRET)) expect(complaintOf(env)).not.toContain(SECRET);
    else expect(complaintOf(env)).toContain(`(it is ${JSON.stringify(value.replace(/:\/\/\S*@/, '://***@'))})`);
    expect(complaintOf(env).split('\n')).toHaveLength(2);
  });

  it.each<[Record<string, string>, string]>([
    [{ DATABASE_URL: `mysql://root:${SECRET}@db/app?password=${SECRET}` }, '"mysql://***@db/app?***"'],
    [{ DATABASE_URL: `postgres://root:a/b?c#${SECRET}@db:port/app` }, '"postgres://***@db:port/app"'],
    [{ DATABASE_URL: `host=db password=${SECRET}` }, '***'],
    [{ SMTP_URL: SECRET }, '***'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: `ftp://me:${SECRET}@collector` }, '"ftp://***@collector"'],
    [{ CORS_ORIGINS: `https://me:${SECRET}@a.example` }, '"https://***@a.example"'],
    [{ CORS_ORIGINS: 'https://user@a.example' }, '"https://***@a.example"'],
    [{ LOG_LEVEL: 'a\nb' }, '"a\\nb"'],
    [{ LOG_LEVEL: 'x'.repeat(100_000) }, `"${'x'.repeat(80)}…"`],
  ])('in %j is shown with its secrets masked', (env, shown) => {
    expect(complaintOf(env)).toContain(`(it is ${shown})`);
    expect(complaintOf(env)).not.toContain(SECRET);
  });

  it('is listed with a variable whose name looks misspelled', () => {
    expect(complaintOf({ WORKERS: '2', DATABASE_URI: 'postgres://db/app' })).toMatch(
      /\n {2}WORKERS must be 1 .*\n {2}DATABASE_URI is not a setting of this server\. Did you mean DATABASE_URL\?$/,
    );
  });

  it('does not hide other invalid variables', () => {
    const env = {
      NODE_ENV: 'production',
      BCRYPT_COST: '4',
      PORT: 'x',
      WORKERS: 'x',
      DATABASE_URL: 'x',
      CORS_ORIGINS: 'x',
      GRAPHIQL: 'x',
      LOG_LEVEL: 'x',
    };
    const named = [...complaintOf(env).matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(
      Object.keys(env)
        .filter((name) => name !== 'NODE_ENV')
        .sort(),
    );
  });

  it('does not hide others that are invalid for the embedded database only', () => {
    expect(complaintOf({ WORKERS: '2', PORT: 'x' })).toMatch(/^The configuration is not valid:\n {2}PORT .*\n {2}WORKERS .*$/);
  });

  it('stops the start with exit code 1 and a list on standard error, without a stack', async () => {
    const { code, stderr } = await failToStart({ PORT: 'x', DATABASE_URL: `mysql://root:${SECRET}@db/app` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The configuration is not valid:\n {2}PORT .*\n {2}DATABASE_URL .*\n$/);
    expect(stderr).not.toContain(SECRET);
  });
});

describe('a misspelled setting', () => {
  it.each([
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['BCRYPT_COSTS', 'BCRYPT_COST'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['TOKEN_TLT', 'TOKEN_TTL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['port', 'PORT'],
    ['WORKER', 'WORKERS'],
    ['DATABASE_URL_FLIE', 'DATABASE_URL_FILE'],
    ['SUPERUSER_PASSWD', 'SUPERUSER_PASSWORD'],
    ['PASSWORD_MINIMUM_LENGTH', 'PASSWORD_MIN_LENGTH'],
  ])('%s is found, and %s suggested', (name, nearest) => {
    expect(strangersIn({ [name]: 'x' })).toEqual([{ name, nearest }]);
  });

  it('is not suspected in the names of settings and of other programs’ variables', () => {
    const others = ['HOME', 'PATH', 'HOSTNAME', 'LOGNAME', 'NODE_OPTIONS', 'NODE_PATH', 'DATABASE_HOST', 'DATABASE_PORT', 'SMTP_HOST'];
    const opentelemetry = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_TRACES_SAMPLER', 'OTEL_SERVICE_NAMESPACE'];
    const ours = [...variableNames, 'SMTP_URL_FILE', 'NEW_PASSWORD', 'DJANGO_DATABASE_URL', 'SUPERUSER_EMAIL'];
    expect(strangersIn(Object.fromEntries([...others, ...opentelemetry, ...ours].map((name) => [name, 'x'])))).toEqual([]);
  });
});
