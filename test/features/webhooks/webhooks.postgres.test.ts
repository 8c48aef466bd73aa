import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { extractSnippets } from '../../support/documents/snippets.ts';
import { until } from '../../support/until.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

type Received = { readonly headers: Record<string, string>; readonly body: string };
type Event = { type: string; timestamp: string; data: Record<string, unknown> };

let url: string;
let received: Received[] = [];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
const accept = (response: ServerResponse) => response.writeHead(204).end();
let close: () => Promise<unknown>;

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    received.push({ headers, body: await text(request) });
    answer(response, request);
  });
  answer = accept;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hooks`;
  close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
});
afterEach(() => {
  received = [];
  answer = accept;
});
afterAll(() => close());

async function appWith(env: Record<string, string> = {}): Promise<TestApp> {
  const app = await createTestApp({ env: { WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET, WEBHOOK_ALLOW_PRIVATE: 'true', ...env } });
  onTestFinished(() => app.close());
  return app;
}
const events = (): Event[] => received.map(({ body }) => JSON.parse(body));
const typesOf = () => events().map(({ type }) => type);
const dueNow = (app: TestApp) => app.sql('update deliveries set next_attempt_at = now() where next_attempt_at is not null');

describe('a webhook', () => {
  it('is verified by the receiver in docs/webhooks.md', async () => {
    const { folder, files, remove } = await extractSnippets('', ['docs/webhooks.md']);
    onTestFinished(remove);
    const port = Number(new URL(url).port) === 45_871 ? 45_872 : 45_871;
    const env = { PATH: process.env.PATH, PORT: String(port), WEBHOOK_SECRET: SECRET };
    const receiver = spawn(process.execPath, [join(folder, files[0] ?? '')], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(async () => {
      receiver.kill();
      await once(receiver, 'exit');
    });
    let printed = '';
    receiver.stdout.on('data', (chunk) => (printed += chunk));
    const app = await appWith({ WEBHOOK_URL: `http://127.0.0.1:${port}/`, WEBHOOK_EVENTS: 'user.created' });
    await app.register('gil');
    await until(async () => {
      await dueNow(app);
      return printed.includes("type: 'user.created'");
    });
    const forged = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"type":"user.created"}' });
    expect(forged.status).toBe(400);
  });

  it('tells what happened, signed as the library verifies it, and no secret', async () => {
    const app = await appWith();
    const { id, token } = await app.register('ann');
    await until(() => typesOf().includes('token.created') && typesOf().includes('user.created'));
    const created = received.find(({ body }) => JSON.parse(body).type === 'user.created');
    expect(new Webhook(SECRET).verify(created?.body ?? '', created?.headers ?? {})).toMatchObject({
      type: 'user.created',
      data: { user: { id: Number(id), username: 'ann' }, actor: null },
    });
    expect(Date.parse(events()[0]?.timestamp ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const all = JSON.stringify(received);
    for (const secret of [token, GOOD_PASSWORD, SECRET]) expect(all).not.toContain(secret);
    const tampered = () => new Webhook(SECRET).verify(`${created?.body} `, created?.headers ?? {});
    expect(tampered).toThrow('No matching signature found');
  });

  it('is tried again until it is taken, with the same id', async () => {
    const app = await appWith({ WEBHOOK_EVENTS: 'user.created' });
    answer = (response) => response.writeHead(500).end();
    await app.register('bob');
    await until(() => received.length === 1);
    await until(() => app.logs().includes('an event was not delivered'));
    answer = accept;
    await dueNow(app);
    await until(async () => (await app.sql('select 1 from deliveries')).length === 0);
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size, typesOf()]).toEqual([2, 1, ['user.created', 'user.created']]);
  });

  it.each([
    { what: 'a redirection', reply: (response: ServerResponse) => response.writeHead(302, { Location: url }).end() },
    { what: 'a hang-up', reply: (_response: ServerResponse, { socket }: IncomingMessage) => socket.destroy() },
    { what: 'a refusal', reply: (response: ServerResponse) => response.writeHead(410).end() },
  ])('counts $what as a failure, and does not follow it', async ({ reply }) => {
    const app = await appWith({ WEBHOOK_EVENTS: 'user.created' });
    answer = reply;
    await app.register('carl');
    await until(() => app.logs().includes('an event was not delivered'));
    expect(received).toHaveLength(1);
  });

  it('takes an answer without end as it begins', async () => {
    const app = await appWith({ WEBHOOK_EVENTS: 'user.created' });
    answer = (response) => response.writeHead(200).write('x'.repeat(100_000));
    await app.register('dora');
    await until(async () => received.length === 1 && (await app.sql('select 1 from deliveries')).length === 0);
  });

  it('is not sent to a private address unless that is allowed', async () => {
    const app = await appWith({ WEBHOOK_ALLOW_PRIVATE: 'false', WEBHOOK_EVENTS: 'user.created' });
    await app.register('eve');
    await until(() => app.logs().includes('WEBHOOK_ALLOW_PRIVATE=true allows it'));
    expect(received).toEqual([]);
  });

  it('tells of no more than it is asked for', async () => {
    const app = await appWith({ WEBHOOK_EVENTS: 'user.logged_in, user.deleted' });
    const { token } = await app.register('fay');
    await app.graphql(`mutation { login(input: { username: "fay", password: "${GOOD_PASSWORD}" }) { token } }`);
    await app.graphql(`mutation { deleteAccount(input: { password: "${GOOD_PASSWORD}" }) { status { code } } }`, { token });
    await until(() => received.length === 2);
    expect(typesOf().sort()).toEqual(['user.deleted', 'user.logged_in']);
    expect(events().find(({ type }) => type === 'user.deleted')?.data.user).toMatchObject({ username: 'fay' });
  });

  it.each([
    { env: { WEBHOOK_SECRET: '' }, message: 'WEBHOOK_SECRET must be set together with WEBHOOK_URL' },
    { env: { WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, message: 'WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes' },
    { env: { WEBHOOK_URL: 'ftp://example.com' }, message: 'WEBHOOK_URL must be a URL like https://example.com/hooks' },
    { env: { WEBHOOK_EVENTS: 'user.creatd' }, message: 'WEBHOOK_EVENTS names "user.creatd", which is no event.' },
  ])('with wrong settings stops the start: $message', async ({ env, message }) => {
    await expect(appWith(env)).rejects.toThrow(message);
  });
});
