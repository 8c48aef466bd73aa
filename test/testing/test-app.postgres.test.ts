import { builder, defineApp } from 'graphql-token-auth';
import { createTestApp, type TestApp } from 'graphql-token-auth/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database/database.ts';

builder.queryField('seven', (t) => t.int({ description: 'Seven.', authScopes: { public: true }, resolve: () => 7 }));
const app = defineApp({ features: [{ name: 'seven' }] });

describe('createTestApp', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp({ app });
  });
  afterAll(() => server.close());

  it('serves an app on an embedded database', async () => {
    const { id, token } = await server.register('ann', { email: 'ann@example.com' });
    const { status, data, errors } = await server.graphql<{ seven: number; me: { id: string } }>('{ seven me { id } }', { token });
    expect({ status, data, errors }).toEqual({ status: 200, data: { seven: 7, me: { id } }, errors: [] });
    expect(await server.sql('select email from users where id = ?', [id])).toEqual([{ email: 'ann@example.com' }]);
  });

  it('answers strangers as the server does', async () => {
    const { status, data, errors } = await server.graphql('{ me { id } }');
    expect([status, data, errors[0]?.extensions.reason]).toEqual([401, { me: null }, 'MISSING']);
  });

  it('says why a person cannot register', async () => {
    await expect(server.register('a b')).rejects.toThrow(/^a b cannot register: .*username/);
  });

  it('hands out the mails that were sent', async () => {
    const email = 'bob@example.com';
    await server.register('bob', { email });
    const ask = 'mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { status { code } } }';
    await server.graphql(ask, { variables: { email } });
    const mail = await server.mailTo(email, 2);
    expect(mail.to).toBe(email);
    expect(mail.subject).not.toBe('');
    expect(mail.text).toMatch(/token=[0-9a-f]{40}/);
    expect(await server.mails()).toContainEqual(mail);
  });

  it('subscribes, and hears what happens afterwards', async () => {
    const { token } = await server.register('cleo');
    const events = await server.subscribe<{ tokenRevoked: { reason: string } }>('subscription { tokenRevoked { reason } }', { token });
    await server.graphql('mutation { logout { status { code } } }', { token });
    expect(await events.next()).toEqual({ done: false, value: { tokenRevoked: { reason: 'REVOKED' } } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('throws a refusal where the first event would have come', async () => {
    const events = await server.subscribe('subscription { tokenRevoked { reason } }');
    await expect(events.next()).rejects.toThrow(/UNAUTHENTICATED/);
  });

  it('refuses settings that cannot be', async () => {
    await expect(createTestApp({ app, env: { PORT: 'x' } })).rejects.toThrow('The configuration is not valid:');
  });
});

it('two of them on one PostgreSQL database are two nodes', async () => {
  const { env, drop } = await createTestDatabase({ empty: true });
  const [one, other] = [
    await createTestApp({ app, databaseUrl: env.DATABASE_URL }),
    await createTestApp({ app, databaseUrl: env.DATABASE_URL }),
  ];
  const { id, token } = await one.register('ann');
  expect((await other.graphql('{ me { id } }', { token })).data.me.id).toBe(id);
  await Promise.all([one.close(), other.close()]);
  await drop();
});
