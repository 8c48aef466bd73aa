import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { runSql } from '../faults/site.ts';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { selectionOf } from '../support/client/selection.ts';
import { subscribe } from '../support/client/subscription.ts';
import { createDjangoDatabase, type DjangoDatabase } from '../support/database/django.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { type Mailbox, openMailbox } from '../support/network/mailbox.ts';
import { until } from '../support/until.ts';

/** Every statement is logged. The parameters of those that fail, too, but that the product says otherwise for its own connections. */
const settings = ['log_statement=all', 'log_parameter_max_length_on_error=-1'];

/** What docs/operations.md advises: without it, PostgreSQL writes the parameters of each statement into a line of their own. */
async function logParameters(setting: 'set log_parameter_max_length = 0' | 'reset log_parameter_max_length'): Promise<void> {
  await runSql(postgres.url, `alter system ${setting}`);
  await runSql(postgres.url, 'select pg_reload_conf()');
}

const NEW_PASSWORD = 'second-Tr0mbone-Quartz';
const links = 'https://app.example/?token={token}';

let postgres: BreakablePostgres;
let app: TestApp;
let mailbox: Mailbox;
let django: DjangoDatabase;
let log = '';
const activity = new Set<string>();
beforeAll(async () => {
  [postgres, mailbox, django] = await Promise.all([
    startPostgres(settings, (lines) => (log += lines)),
    openMailbox(),
    createDjangoDatabase(),
  ]);
  await logParameters('set log_parameter_max_length = 0');
  const env = { DATABASE_URL: onServer(postgres.url, await createDatabase(postgres.url)), DATA_DIR: postgres.folder };
  const database = await openDatabase({ features, databaseUrl: env.DATABASE_URL, databasePoolMax: 1, dataDir: '' });
  await migrate(database.orm).finally(database.close);
  const on = { env, isEmbedded: false, drop: async () => {} };
  app = await createTestApp({
    on,
    env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: links, EMAIL_VERIFICATION_URL: links, THROTTLE: 'on' },
  });
}, 180_000);
afterAll(async () => {
  await app.close();
  await Promise.all([postgres.stop(), mailbox.close(), django.drop()]);
});

/** Hashes of every format, digests and keys, addresses, and the passwords themselves. */
const secrets = [/\$2[aby]\$\d\d\$/, /pbkdf2_|argon2|scrypt\$|md5\$|sha1\$/, /[0-9a-f]{32}/, /@\w+\.(example|com|org)/i, /Tr0mbone/i];

const leaks = (text: string): string[] => text.split('\n').filter((line) => secrets.some((secret) => secret.test(line)));

async function noteActivity(): Promise<void> {
  for (const { query } of await app.sql('select query from pg_stat_activity')) activity.add(String(query));
}

async function mutate(field: string, input: Record<string, unknown>, token?: string): Promise<Record<string, unknown>> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const selection = { register: 'token', login: 'token', createToken: 'token' }[field] ?? '';
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} status { code } errors { code } } }`;
  const { data, text } = await app.graphql(query, { variables: { input }, ...(token && { token }) });
  if (!data?.[field]) throw new Error(text);
  await noteActivity();
  return data[field];
}

const tokenIn = ({ token }: Record<string, unknown>): string => String(token);

/** What people do, in an order in which it works. */
async function useTheApi(): Promise<void> {
  const [email, other] = ['ann@mail.example', 'new@mail.example'];
  const ann = { username: 'ann@mail.example', email, firstName: 'Ann', password: GOOD_PASSWORD };
  const races = await Promise.all(Array.from({ length: 6 }, () => mutate('register', ann)));
  const first = tokenIn(races.find(({ token }) => token) ?? {});
  await mutate('verifyEmail', { token: await mailbox.tokenTo(email) });
  await mutate('login', { username: ann.username, password: NEW_PASSWORD });
  const token = tokenIn(await mutate('login', { username: ann.username, password: GOOD_PASSWORD }));
  await mutate('createToken', { name: 'script', password: GOOD_PASSWORD }, token);
  await mutate('updateProfile', { firstName: 'Anna' }, token);
  await mutate('changeEmail', { password: GOOD_PASSWORD, newEmail: other }, token);
  await mutate('verifyEmail', { token: await mailbox.tokenTo(other) });
  await mutate('changePassword', { currentPassword: GOOD_PASSWORD, newPassword: NEW_PASSWORD }, token);
  await mutate('requestPasswordReset', { email: other });
  await until(async () => mailbox.mails.some(({ recipient, raw }) => recipient === other && /reset/i.test(raw)));
  const reset = mailbox.mails.findLast(({ recipient, raw }) => recipient === other && /token=3?D?[0-9a-f]/.test(raw));
  await mutate('resetPassword', { token: /token=([0-9a-f]{40})/.exec(reset?.text ?? '')?.[1] ?? '', newPassword: GOOD_PASSWORD });
  await app.graphql('{ me { id } }', { token: first });
}

/** Every root field, those of later versions too, with what it needs at least. */
async function askEveryField(token: string): Promise<void> {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  for (const [keyword, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (/^(logout|deleteAccount|revoke)/.test(field.name)) continue; // the staff’s own token is needed for the others
      await app.graphql(`${keyword} { ${selectionOf(field)} }`, { token });
      await noteActivity();
    }
  }
}

async function useTheStaffsFields(): Promise<void> {
  const root = { username: 'root', password: GOOD_PASSWORD };
  const { id } = await app.register(root.username, { email: 'root@mail.example' });
  await app.sql('update users set is_superuser = true, is_staff = true where id = ?', [id]);
  const token = tokenIn(await mutate('login', root));
  const { id: target } = await app.register('bob', { email: 'bob@mail.example' });
  await app.graphql('{ users(search: "bob@mail.example") { edges { node { email } } } }', { token });
  await mutate('sendPasswordReset', { id: target }, token);
  for (const flag of ['isActive', 'isStaff', 'isSuperuser']) {
    const field = { isActive: 'setUserActive', isStaff: 'setUserStaff', isSuperuser: 'setUserSuperuser' }[flag] ?? '';
    await mutate(field, { id: target, [flag]: true }, token);
  }
  await askEveryField(token);
  const { received, leave } = await subscribe(app.url, 'subscription { tokenRevoked { reason } }', token);
  expect(received()).not.toBe('');
  leave();
  await mutate('revokeUserTokens', { id: target }, token);
  await mutate('revokeAllTokens', { keepCurrent: true }, token);
  await app.graphql('mutation { logout { status { code } } }', { token });
  const { token: last } = await mutate('login', { username: 'bob', password: GOOD_PASSWORD });
  await mutate('deleteAccount', { password: GOOD_PASSWORD }, String(last));
}

const commands: [args: string[], env?: Record<string, string>][] = [
  [['check']],
  [['migrate']],
  [['migrate', '--status']],
  [['createsuperuser', '--noinput', '--username', 'sue', '--email', 'sue@mail.example'], { SUPERUSER_PASSWORD: GOOD_PASSWORD }],
  [['createsuperuser', '--noinput', '--username', 'sue', '--email', 'sue@mail.example'], { SUPERUSER_PASSWORD: GOOD_PASSWORD }],
  [['changepassword', 'sue', '--noinput'], { NEW_PASSWORD }],
  [['create-token', 'sue']],
  [['create-token', 'sue', '--reset']],
  [['create-token', '--missing']],
  [['seed']],
  [['revoke-tokens', 'sue']],
  [['revoke-tokens', '--all', '--yes']],
  [['prune']],
];

describe('a PostgreSQL that logs every statement', () => {
  it('has no hash, digest, key, password or address in its log after every operation and command', async () => {
    await useTheApi();
    await useTheStaffsFields();
    for (const [args, env = {}] of commands) {
      await runManage(args, { beside: app, env });
      await noteActivity();
    }
    await django.sql("update auth_user set username = 'ANN@mail.example' where id = 1"); // who is here in another case
    for (const command of ['import-django', 'import-django', 'export-django']) {
      await runManage([command], { beside: app, env: { DJANGO_DATABASE_URL: django.url } });
      await noteActivity();
    }
    expect(log).toMatch(/insert into .?users/i);
    expect(log).toMatch(/create temp table staged_users/);
    expect(leaks(log)).toEqual([]);
  });

  it('has none in pg_stat_activity either', () => {
    expect(activity.size).toBeGreaterThan(3);
    expect([...activity].flatMap(leaks)).toEqual([]);
  });

  it('has none where a statement fails, whatever the server says about parameters of failures', async () => {
    await app.sql(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'full moon'; end $$`);
    await app.sql('create trigger fail before insert on tokens for each row execute function fail()');
    const { errors } = await app.graphql(
      `mutation { register(input: { username: "kim", email: "kim@mail.example", password: "${GOOD_PASSWORD}" }) { token } }`,
    );
    await app.sql('drop trigger fail on tokens');
    expect(errors[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    await until(async () => log.includes('full moon'));
    expect(log).toMatch(/STATEMENT: .*insert into tokens/s);
    expect(leaks(log)).toEqual([]);
  });

  it('writes parameters on lines of their own unless it is told not to, and check says so', async () => {
    await logParameters('reset log_parameter_max_length');
    await until(async () => (await app.sql("select current_setting('log_parameter_max_length') as length"))[0]?.length === '-1');
    await mutate('login', { username: 'root', password: GOOD_PASSWORD });
    const found = leaks(log);
    expect(found).not.toEqual([]);
    expect(found.filter((line) => !/DETAIL: +parameters:/i.test(line))).toEqual([]);
    const { stdout } = await runManage(['check'], { beside: app });
    expect(stdout).toContain('Set log_parameter_max_length = 0 there.');
  });
});
