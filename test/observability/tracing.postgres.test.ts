import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { subscribe } from '../support/client/subscription.ts';
import { type Collector, openCollector, type ReceivedSpan } from '../support/network/otlp-collector.ts';
import { until } from '../support/until.ts';

const traceId = (n: number) => `${n}`.padStart(32, 'a');
const parent = 'b'.repeat(16);
const traceparent = (n: number, flags = '01') => ({ traceparent: `00-${traceId(n)}-${parent}-${flags}` });

let collector: Collector;
let key: string;
beforeAll(async () => {
  collector = await openCollector();
  const app = await createTestApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_SERVICE_NAME: 'logins' } });
  const { token } = await app.register('ann');
  key = token;
  await app.graphql('query Mine { tokens { id } }', { token, headers: traceparent(1) });
  await app.graphql('query Mine { tokens { id } }', { token, headers: traceparent(2) });
  await app.graphql('{ hello }', { token, headers: traceparent(3, '00') });
  await app.graphql('{ hello }', { token, headers: { traceparent: 'nonsense' } });
  (await subscribe(app.url, 'subscription { tokenRevoked { reason } }', token)).leave();
  await until(() => app.logs().includes('"type":"subscription"'));
  await app.sql('alter table tokens rename column name to label');
  await app.graphql('query Mine { tokens { id } }', { token, headers: traceparent(4) });
  await app.sql('alter table tokens rename column label to name');
  await app.close(); // sends what is left
});
afterAll(() => collector.close());

const spansOf = (id: string) => collector.spans.filter((span) => span.traceId === id);
const childrenOf = (span: ReceivedSpan | undefined) => collector.spans.filter(({ parentId }) => parentId === span?.spanId);

describe('a request with a traceparent', () => {
  it.each([1, 2])('is traced from HTTP over the operation to the database, time %s', (n) => {
    const [http, ...others] = spansOf(traceId(n)).filter(({ parentId }) => parentId === parent);
    expect(others).toEqual([]);
    expect(http).toMatchObject({ name: 'POST /graphql', attributes: { 'http.request.method': 'POST', 'http.route': '/graphql' } });
    const [operation, ...more] = childrenOf(http);
    expect(more).toEqual([]);
    expect(operation).toMatchObject({
      name: 'query',
      attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Mine', 'graphql.outcome': 'OK' },
      failed: false,
    });
    const statements = childrenOf(operation);
    expect(statements.map(({ name }) => name)).toEqual(['SELECT tokens', 'SELECT tokens']); // the viewer, and the list
    expect(statements[0]?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'tokens',
    });
  });

  it('that is not sampled is not traced', () => {
    expect(spansOf(traceId(3))).toEqual([]);
  });

  it('that fails has failed spans, without a word of why', () => {
    const failed = spansOf(traceId(4)).filter((span) => span.failed);
    expect(failed.map(({ name }) => name)).toEqual(['SELECT tokens', 'query', 'POST /graphql']);
  });
});

describe('without a traceparent that makes sense', () => {
  it('a trace begins here', () => {
    const hello = collector.spans.filter(({ name, parentId }) => name === 'POST /graphql' && parentId === '');
    expect(hello).toHaveLength(3); // the registration, the greeting and the subscription
  });

  it('what waits is a span when it ends', () => {
    const [subscription] = collector.spans.filter(({ name }) => name === 'subscription');
    expect(subscription?.attributes).toMatchObject({ 'graphql.operation.type': 'subscription', 'graphql.outcome': 'OK' });
  });

  it('the database is no matter: what the server does by itself is not traced', () => {
    expect(collector.spans.filter(({ name, parentId }) => name !== 'POST /graphql' && parentId === '')).toEqual([]);
  });
});

it('spans are sent as OTLP over HTTP, and hold no secret', () => {
  expect(new Set(collector.requests)).toEqual(new Set(['/v1/traces application/x-protobuf']));
  expect(collector.raw()).toContain('logins');
  const found = [key, GOOD_PASSWORD, 'bcrypt_sha256', 'ann'].filter((value) => collector.raw().includes(value));
  expect(found).toEqual([]);
});
