import { GraphQLError } from 'graphql';
import { type EventType, refuse } from 'graphql-token-auth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { createWatcher } from './watcher.ts';

const watcher = createWatcher();
let app: TestApp;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ app: [watcher.feature], env: { SMTP_URL: mailbox.url } });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const NEW_PASSWORD = 'violet-Harbour-92';

/** A user with an address that is not verified, a second token, and a superuser to act on the account. */
async function cast(name: string) {
  const ann = { ...(await app.register(name, { email: `${name}@example.com` })), username: name };
  await mailbox.mailTo(`${name}@example.com`); // its link is written by now
  const { token: second } = await signIn(name);
  const root = await app.register(`${name}-root`);
  await app.sql('update users set is_superuser = true where id = ?', [root.id]);
  return { ann, second, root };
}
type Cast = Awaited<ReturnType<typeof cast>>;

const signIn = async (username: string): Promise<{ token: string }> =>
  (await mutate('login', { username, password: GOOD_PASSWORD })).data.login;

/** Runs a mutation with an input. */
function mutate(field: string, input: object | null, token?: string) {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const [declared, given] = input ? [`($input: ${type}!)`, '(input: $input)'] : ['', ''];
  const more = field === 'login' ? ' token' : '';
  const document = `mutation ${declared} { ${field}${given} { status { code message } errors { field code message }${more} } }`;
  return app.graphql(document, { ...(token && { token }), ...(input && { variables: { input } }) });
}

/** All that could have been written. */
const state = async () =>
  app.sql(`
    select (select jsonb_agg(u order by id) from users u) as users, (select jsonb_agg(t.id order by id) from tokens t) as tokens,
           (select jsonb_agg(l order by id) from links l) as links, (select jsonb_agg(m.kind order by id) from mails m) as mails,
           (select jsonb_agg(e order by id) from security_events e) as events`);

type Act = {
  readonly field: string;
  readonly input: (cast: Cast) => Promise<object | null> | object | null;
  readonly by?: 'ann' | 'root';
  readonly types: readonly EventType[];
};
const of = async ({ ann }: Cast) => ({ id: ann.id });

const acts: Act[] = [
  {
    field: 'register',
    input: ({ ann }) => ({ username: `${ann.username}-2`, password: GOOD_PASSWORD }),
    types: ['user.created', 'token.created'],
  },
  {
    field: 'login',
    input: ({ ann }) => ({ username: ann.username, password: GOOD_PASSWORD }),
    types: ['user.logged_in', 'token.created'],
  },
  { field: 'updateProfile', by: 'ann', input: () => ({ firstName: 'Ann' }), types: ['user.updated'] },
  { field: 'createToken', by: 'ann', input: () => ({ name: 'script', password: GOOD_PASSWORD }), types: ['token.created'] },
  { field: 'logout', by: 'ann', input: () => null, types: ['token.revoked'] },
  { field: 'revokeAllTokens', by: 'ann', input: () => null, types: ['token.revoked'] },
  {
    field: 'changePassword',
    by: 'ann',
    input: () => ({ currentPassword: GOOD_PASSWORD, newPassword: NEW_PASSWORD }),
    types: ['token.revoked', 'password.changed'],
  },
  {
    field: 'verifyEmail',
    input: async ({ ann }) => ({ token: await mailbox.tokenTo(`${ann.username}@example.com`) }),
    types: ['user.email_verified'],
  },
  {
    field: 'verifyEmail',
    input: async ({ ann }) => {
      const newEmail = `new-${ann.username}@example.com`;
      await mutate('changeEmail', { password: GOOD_PASSWORD, newEmail }, ann.token);
      return { token: await mailbox.tokenTo(newEmail) };
    },
    types: ['user.email_changed'],
  },
  {
    field: 'resetPassword',
    input: async ({ ann }) => {
      const email = `${ann.username}@example.com`;
      await mutate('requestPasswordReset', { email });
      return { token: await mailbox.tokenTo(email, 2), newPassword: NEW_PASSWORD };
    },
    types: ['user.email_verified', 'token.revoked', 'token.revoked', 'password.reset'],
  },
  { field: 'setUserActive', by: 'root', input: async (all) => ({ ...(await of(all)), isActive: false }), types: ['user.deactivated'] },
  {
    field: 'setUserActive',
    by: 'root',
    input: async (all) => {
      await app.sql('update users set is_active = false where id = ?', [all.ann.id]);
      return { ...(await of(all)), isActive: true };
    },
    types: ['token.revoked', 'token.revoked', 'user.activated'],
  },
  { field: 'setUserStaff', by: 'root', input: async (all) => ({ ...(await of(all)), isStaff: true }), types: ['user.rights_changed'] },
  {
    field: 'setUserSuperuser',
    by: 'root',
    input: async (all) => ({ ...(await of(all)), isSuperuser: true }),
    types: ['user.rights_changed'],
  },
  {
    field: 'setUserScopes',
    by: 'root',
    input: async (all) => ({ ...(await of(all)), scopes: ['reader'] }),
    types: ['user.scopes_changed'],
  },
  { field: 'revokeUserTokens', by: 'root', input: of, types: ['token.revoked', 'token.revoked'] },
  {
    field: 'createUser',
    by: 'root',
    input: ({ ann }) => ({ username: `${ann.username}-2`, email: `${ann.username}-2@example.com` }),
    types: ['user.created'],
  },
  {
    field: 'updateUser',
    by: 'root',
    input: async (all) => ({ ...(await of(all)), lastName: 'Archer', email: `moved-${all.ann.username}@example.com` }),
    types: ['user.updated', 'user.email_changed'],
  },
  {
    field: 'revokeUserToken',
    by: 'root',
    input: async (all) => {
      const [token] = await app.sql('select id::text from tokens where user_id = ? limit 1', [all.ann.id]);
      return { ...(await of(all)), tokenId: token?.id };
    },
    types: ['token.revoked'],
  },
  { field: 'deleteUser', by: 'root', input: of, types: ['user.deleted'] },
  { field: 'deleteAccount', by: 'ann', input: () => ({ password: GOOD_PASSWORD }), types: ['user.deleted'] },
];

let count = 0;
const nextCast = () => cast(`person-${++count}`);
const tokenOf = ({ ann, root }: Cast, by: Act['by']) => (by === undefined ? undefined : { ann, root }[by].token);

describe('a hook', () => {
  it.each(acts)('hears of $types at $field', async ({ field, input, by, types }) => {
    const all = await nextCast();
    const given = await input(all);
    watcher.heard();
    const { data } = await mutate(field, given, tokenOf(all, by));
    expect(data[field].status.code).toBe('200 OK');
    const heard = watcher.heard();
    expect(heard.map(({ type }) => type)).toEqual(types);
    for (const { username } of heard) expect(username).toBe(types[0] === 'user.created' ? `${all.ann.username}-2` : all.ann.username);
    for (const { by: actor } of heard) expect(actor).toBe(by === 'root' ? `${all.ann.username}-root` : null);
  });

  it.each(acts.flatMap((act) => [...new Set(act.types)].map((type) => ({ ...act, type }))))(
    'that refuses $type undoes $field, and the client reads why beside the field',
    async ({ field, input, by, type }) => {
      const all = await nextCast();
      const given = await input(all);
      const before = await state();
      const objection = (found: EventType) => found === type && refuse({ field: 'username', code: 'INVALID', message: 'Not here.' });
      const { status, data } = await watcher.objecting(objection, () => mutate(field, given, tokenOf(all, by)));
      expect(status).toBe(200);
      expect(data[field]).toMatchObject({
        status: { code: '400 BAD REQUEST', message: 'Invalid input' },
        errors: [{ field: 'username', code: 'INVALID', message: 'Not here.' }],
      });
      expect(await state()).toEqual(before);
      expect((await mutate(field, given, tokenOf(all, by))).data[field].status.code).toBe('200 OK');
    },
  );

  it('that has a bug undoes what happened, and the client reads no more than that', async () => {
    const before = await state();
    const bug = () => {
      throw new Error('the secret of the hook');
    };
    const reply = await watcher.objecting(bug, () => mutate('register', { username: 'unlucky', password: GOOD_PASSWORD }));
    expect([reply.status, reply.errors[0]?.message]).toEqual([500, 'Unexpected error.']);
    expect(reply.text).not.toContain('secret');
    expect(app.logs()).toContain('the secret of the hook');
    expect(await state()).toEqual(before);
  });

  it('may answer with an error of its own', async () => {
    const own = () => {
      throw new GraphQLError('Come back on Monday.', { extensions: { code: 'CLOSED', http: { spec: true, status: 403 } } });
    };
    const reply = await watcher.objecting(own, () => mutate('register', { username: 'early', password: GOOD_PASSWORD }));
    expect([reply.status, reply.errors]).toMatchObject([403, [{ message: 'Come back on Monday.', extensions: { code: 'CLOSED' } }]]);
  });

  it('is told what changed, and hears nothing when nothing did', async () => {
    const { ann, root } = await nextCast();
    watcher.heard();
    await mutate('updateProfile', { firstName: 'Ann', lastName: 'Archer' }, ann.token);
    expect(watcher.heard()).toMatchObject([{ type: 'user.updated', rest: { changed: ['firstName', 'lastName'] } }]);
    await mutate('updateProfile', { firstName: 'Ann' }, ann.token);
    await mutate('setUserActive', { id: ann.id, isActive: true }, root.token);
    await mutate('setUserStaff', { id: ann.id, isStaff: false }, root.token);
    await mutate('setUserScopes', { id: ann.id, scopes: [] }, root.token);
    expect(watcher.heard()).toEqual([]);
  });

  it('hears of a token that makes room for another one', async () => {
    const small = await createTestApp({ app: [watcher.feature], env: { TOKEN_LIMIT: '1' } });
    await small.register('crowded');
    watcher.heard();
    await small.graphql(`mutation { login(input: { username: "crowded", password: "${GOOD_PASSWORD}" }) { token } }`);
    expect(watcher.heard().map(({ type }) => type)).toEqual(['token.revoked', 'user.logged_in', 'token.created']);
    await small.close();
  });
});

describe('a hook and the commands', () => {
  beforeEach(() => watcher.heard());
  const run = (...args: string[]) => runManage(args, { beside: app, env: { NEW_PASSWORD, SUPERUSER_PASSWORD: NEW_PASSWORD }, input: '' });
  const types = () => watcher.heard().map(({ type, username }) => `${type} ${username}`);

  it('hear of each other: createsuperuser, create-token, changepassword, revoke-tokens', async () => {
    await run('createsuperuser', '--noinput', '--username', 'boss', '--email', '');
    expect(types()).toEqual(['user.created boss']);
    await run('create-token', 'boss');
    expect(types()).toEqual(['token.created boss']);
    await run('create-token', 'boss', '-r');
    expect(types()).toEqual(['token.revoked boss', 'token.created boss']);
    await run('changepassword', 'boss', '--noinput');
    expect(types()).toEqual(['token.revoked boss', 'password.changed boss']);
    await run('create-token', '--missing');
    expect(types()).toContain('token.created boss');
    await run('revoke-tokens', 'boss');
    expect(types()).toEqual(['token.revoked boss']);
  });

  it('hear of all tokens that end at once', async () => {
    const { ann } = await nextCast();
    watcher.heard();
    await run('revoke-tokens', '--all', '--yes');
    expect(types()).toContain(`token.revoked ${ann.username}`);
  });

  it('end with the sentence of a refusal, and without a trace', async () => {
    const before = await state();
    const objection = () => refuse({ field: 'username', code: 'INVALID', message: 'Not on this site.' });
    const ended = await watcher.objecting(objection, () => run('createsuperuser', '--noinput', '--username', 'chief', '--email', ''));
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: 'Not on this site.\n' });
    expect(await state()).toEqual(before);
  });
});
