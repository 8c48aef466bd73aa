import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { JSON_TYPE } from '../../support/client/graphql-client.ts';
import { subscribe } from '../../support/client/subscription.ts';
import { until } from '../../support/until.ts';

const WATCH = 'subscription { tokenRevoked { reason } }';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('ann'));
});
afterAll(() => app.close());

describe('subscriptions', () => {
  it('are refused with a sentence beyond those of a token, and those of the process, until one ends', async () => {
    const app = await createTestApp({ env: { SUBSCRIPTIONS_PER_TOKEN: '2', SUBSCRIPTIONS_MAX: '3' } });
    const { token } = await app.register('ann');
    const [bob, carl] = [await app.register('bob'), await app.register('carl')];
    const [first, second] = [await subscribe(app.url, WATCH, token), await subscribe(app.url, WATCH, token)];
    const third = await app.graphql(WATCH, { token });
    expect(third.status).toBe(429);
    expect(third.text).toContain('"message":"A token may have at most 2 subscriptions at once. End one first."');
    expect(third.text).toContain('"code":"THROTTLED"');

    const other = await subscribe(app.url, WATCH, bob.token);
    const full = await app.graphql(WATCH, { token: carl.token });
    expect(full.status).toBe(503);
    expect(full.headers.get('retry-after')).toBe('10');
    expect(full.errors).toMatchObject([
      { message: 'The server has no room for another subscription. Please try again later.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ]);
    expect((await app.graphql('{ hello }', { token })).data).toEqual({ hello: 'Hello, World!' });

    first.leave();
    await first.ended;
    await until(async () => (await app.graphql(WATCH, { token: carl.token, accept: JSON_TYPE })).status === 406); // there is room, but no stream
    const last = await subscribe(app.url, WATCH, carl.token);
    for (const subscription of [second, other, last]) subscription.leave();
    await app.close();
  });
});

/** The outside of the answer to a subscription. */
async function ask(accept: string | null): Promise<{ status: number; type: string | null; text: string }> {
  const left = new AbortController();
  const headers = { 'Content-Type': JSON_TYPE, Authorization: `Token ${token}`, ...(accept !== null && { Accept: accept }) };
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: WATCH }),
    signal: left.signal,
  });
  const type = response.headers.get('content-type');
  const text = type?.startsWith('text/event-stream') ? '' : await response.text();
  left.abort();
  return { status: response.status, type, text };
}

describe('a subscription is streamed to every client that takes a stream', () => {
  it.each([
    null,
    '*/*',
    'text/*',
    'text/event-stream',
    'text/event-stream, application/json',
    'application/json, text/event-stream',
    'application/json, text/event-stream;q=0.1',
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'multipart/mixed;boundary="graphql";subscriptionSpec="1.0", text/event-stream',
  ])('%s', async (accept) => {
    expect(await ask(accept)).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/event-stream/) });
  });

  it.each(['application/json', 'application/*', 'application/graphql-response+json, text/event-stream;q=0'])(
    'but not to %s',
    async (accept) => {
      const { status, text } = await ask(accept);
      expect(status).toBe(406);
      expect(JSON.parse(text)).toMatchObject({
        errors: [{ message: 'A subscription is answered as a stream: accept text/event-stream.', extensions: { code: 'BAD_REQUEST' } }],
      });
    },
  );
});
