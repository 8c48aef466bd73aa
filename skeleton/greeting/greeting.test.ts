import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestApp, type TestApp } from 'graphql-token-auth/testing';
import app from '../app.ts';

let server: TestApp;
before(async () => {
  server = await createTestApp({ app });
});
after(() => server.close());

test('a signed-in user is greeted', async () => {
  const { id, token } = await server.register('ann');
  const { data } = await server.graphql('{ greeting }', { token });
  assert.equal(data.greeting, `Hello, user ${id}!`);
});

test('a stranger is not', async () => {
  const { status, errors } = await server.graphql('{ greeting }');
  assert.deepEqual([status, errors[0]?.extensions.code], [401, 'UNAUTHENTICATED']);
});
