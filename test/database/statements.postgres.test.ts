import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { type Collector, openCollector } from '../support/network/otlp-collector.ts';

/** Round trips to PostgreSQL cost more than code: traces tell how many an operation makes. */
let collector: Collector;
let app: TestApp;
let token: string;
const asked: Record<string, string> = {
  hello: '{ hello }',
  me: '{ me { id username email firstName dateJoined isStaff scopes } }',
  'me twice': '{ me { id } again: me { username } }',
};
const traceIdOf = (name: string) => Buffer.from(name.padEnd(16)).toString('hex').slice(0, 32);

beforeAll(async () => {
  collector = await openCollector();
  app = await createTestApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` } });
  ({ token } = await app.register('ann'));
  for (const [name, query] of Object.entries(asked)) {
    const { errors } = await app.graphql(query, { token, headers: { traceparent: `00-${traceIdOf(name)}-${'b'.repeat(16)}-01` } });
    expect(errors).toEqual([]);
  }
  await app.close(); // sends what is left
});
afterAll(() => collector.close());

it.each([
  { name: 'hello', most: 1 },
  { name: 'me', most: 1 },
  { name: 'me twice', most: 1 },
])('$name takes at most $most statements', ({ name, most }) => {
  const statements = collector.spans.filter(({ traceId, attributes }) => traceId === traceIdOf(name) && attributes['db.system.name']);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.length).toBeLessThanOrEqual(most);
});
