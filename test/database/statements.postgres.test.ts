import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD as password } from '../support/client/graphql-client.ts';
import { type Collector, openCollector } from '../support/network/otlp-collector.ts';

type Asked = { readonly query: string; readonly input?: Record<string, unknown>; readonly most: number };

/**
 * Round trips to PostgreSQL cost more than code: traces tell how many an operation makes. BEGIN and COMMIT are two of them, and the
 * lookup of the token, which all are sent with, is one more. What wakes the mail worker, register and createToken, has two of its statements in the trace as well.
 */
const asked: Record<string, Asked> = {
  hello: { query: '{ hello }', most: 1 },
  me: { query: '{ me { id username email firstName dateJoined isStaff scopes } }', most: 1 },
  'me twice': { query: '{ me { id } again: me { username } }', most: 1 },
  register: {
    query: 'mutation ($input: RegisterInput!) { register(input: $input) { status { code } } }',
    input: { username: 'bea', password },
    most: 1 + 8 + 2,
  },
  login: {
    query: 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }',
    input: { username: 'ann', password },
    most: 1 + 8,
  },
  createToken: {
    query: 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { status { code } } }',
    input: { name: 'backup', password },
    most: 1 + 8 + 2,
  },
  changePassword: {
    query: 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }',
    input: { currentPassword: password, newPassword: 'an0ther-Quartz-12' },
    most: 1 + 11,
  },
};
let collector: Collector;
let app: TestApp;
const traceIdOf = (name: string) => Buffer.from(name.padEnd(16)).toString('hex').slice(0, 32);

beforeAll(async () => {
  collector = await openCollector();
  app = await createTestApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, THROTTLE: 'on' } });
  const { token } = await app.register('ann');
  for (const [name, { query, input }] of Object.entries(asked)) {
    const headers = { traceparent: `00-${traceIdOf(name)}-${'b'.repeat(16)}-01` };
    const { errors, data } = await app.graphql(query, { token, headers, ...(input && { variables: { input } }) });
    expect(errors).toEqual([]);
    if (input) expect(data[name].status.code).toMatch(/^20\d /);
  }
  await app.close(); // sends what is left
});
afterAll(() => collector.close());

it.each(Object.entries(asked))('%s takes no more statements than are needed', (name, { most }) => {
  const statements = collector.spans.filter(({ traceId, attributes }) => traceId === traceIdOf(name) && attributes['db.system.name']);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.length).toBeLessThanOrEqual(most);
});
