import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createVerifier, type VerifierOptions } from 'graphql-token-auth/verify';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const claims = (more: object = {}) => JSON.stringify({ active: true, sub: '7', username: 'ann', scope: 'staff', token_id: '12', ...more });
const accept: Handler = (_request, response) => response.writeHead(200).end(claims());
const away: Handler = (request) => request.socket.destroy();
const refuse =
  (status: number, reason: string): Handler =>
  (_request, response) =>
    response.writeHead(status).end(JSON.stringify({ active: false, reason }));

let url: string;
let close: () => Promise<unknown>;
let asked: number;
let onVerify: Handler;
let onRevocations: Handler;
let streams: ServerResponse[];
const say = (event: string, data = '{}', id = '5-1') => {
  for (const stream of streams) stream.write(`event: ${event}\nid: ${id}\ndata: ${data}\n\n`);
};

/** A server that says what a test wants it to say. */
beforeEach(async () => {
  [asked, onVerify, streams] = [0, accept, []];
  onRevocations = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    streams.push(response);
    say('ready');
  };
  const server = createServer((request, response) => {
    if (request.url === '/revocations') return onRevocations(request, response);
    asked++;
    onVerify(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
});
afterEach(() => close());

function verifier(options: Partial<VerifierOptions> = {}) {
  const made = createVerifier({ url, timeout: 500, ...options });
  onTestFinished(made.close);
  return made;
}

it('a verifier answers with whose token it is', async () => {
  expect(await verifier().verify('Token key', ['staff', 'authenticated'])).toEqual({
    active: true,
    userId: '7',
    username: 'ann',
    scopes: ['authenticated', 'staff'],
    tokenId: '12',
    expiresAt: null,
  });
});

it('a verifier refuses a viewer without every scope', async () => {
  expect(await verifier().verify('Token key', ['staff', 'editor'])).toEqual({ active: false, status: 403, reason: 'FORBIDDEN' });
});

it.each([
  { what: 'a refusal', handler: refuse(401, 'EXPIRED'), verdict: { status: 401, reason: 'EXPIRED' } },
  { what: 'a throttled question', handler: refuse(429, 'THROTTLED'), verdict: { status: 429, reason: 'THROTTLED' } },
  { what: 'a failure', handler: refuse(500, 'UNEXPECTED'), verdict: { status: 503, reason: 'UNAVAILABLE' } },
  { what: 'a server that is away', handler: away, verdict: { status: 503, reason: 'UNAVAILABLE' } },
  { what: 'silence', handler: () => {}, verdict: { status: 503, reason: 'UNAVAILABLE' } },
  {
    what: 'a 200 that is not JSON',
    handler: (_q: IncomingMessage, r: ServerResponse) => r.end('<html>'),
    verdict: { status: 503, reason: 'UNAVAILABLE' },
  },
  {
    what: 'a 200 that names no viewer',
    handler: (_q: IncomingMessage, r: ServerResponse) => r.end('{"active":true}'),
    verdict: { status: 503, reason: 'UNAVAILABLE' },
  },
  {
    what: 'a redirection',
    handler: (_q: IncomingMessage, r: ServerResponse) => r.writeHead(302, { Location: '/' }).end(),
    verdict: { status: 503, reason: 'UNAVAILABLE' },
  },
])('a verifier lets no request in for $what', async ({ handler, verdict }) => {
  onVerify = handler;
  expect(await verifier().verify('Token key')).toEqual({ active: false, ...verdict });
});

it('a verifier does not ask about what cannot be a token', async () => {
  const { verify } = verifier();
  expect(await verify(undefined)).toMatchObject({ status: 401, reason: 'MISSING' });
  expect(await verify('Token '.padEnd(9000, 'x'))).toMatchObject({ status: 401, reason: 'MALFORMED' });
  expect(asked).toBe(0);
});

it('a verifier asks once for requests that come together, and again when an answer is lost', async () => {
  onVerify = (request, response) => (asked === 1 ? away(request, response) : accept(request, response));
  const { verify } = verifier();
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify('Token key')));
  expect([verdicts.every(({ active }) => active), asked]).toEqual([true, 2]);
});

it('a verifier keeps good answers, as many as it may, and no refusals', async () => {
  const { verify } = verifier({ cache: 60, cacheSize: 2 });
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await verify(`Token ${key}`);
  expect(asked).toBe(4);
  onVerify = refuse(401, 'INVALID');
  await verify('Token d');
  await verify('Token d');
  expect(asked).toBe(6);
});

it('a verifier asks anew when the end of a kept token has come, since use may have put it off', async () => {
  onVerify = (_request, response) => response.end(claims({ exp: Math.floor(Date.now() / 1000) - 1 }));
  const { verify } = verifier({ cache: 60 });
  expect([(await verify('Token a')).active, (await verify('Token a')).active, asked]).toEqual([true, true, 2]);
});

it('a verifier does not believe an answer that the end of its token overtook', async () => {
  const held: ServerResponse[] = [];
  onVerify = (_request, response) => held.push(response);
  const { verify, connected } = verifier({ cache: 60, token: 'own' });
  await connected;
  const first = verify('Token key');
  await until(() => held.length === 1);
  say('ended', '{"token_id":"12"}');
  onVerify = refuse(401, 'INVALID');
  await until(async () => !(await verify('Token key')).active); // those who come later do not wait for the old answer
  held[0]?.writeHead(200).end(claims());
  expect(await first).toEqual({ active: false, status: 401, reason: 'INVALID' });
});

it.each(['ended', 'changed'])('a verifier forgets a token that /revocations says has %s, and all of them after a reset', async (event) => {
  const { verify, connected } = verifier({ cache: 60, token: 'own' });
  await connected;
  await verify('Token key');
  say(event, '{"token_id":"12"}');
  await until(async () => (await verify('Token key')) && asked === 2);
  say('reset');
  await until(async () => (await verify('Token key')) && asked === 3);
});

it('a verifier says where it left off when it comes back', async () => {
  const places: unknown[] = [];
  const follow = onRevocations;
  onRevocations = (request, response) => {
    places.push(request.headers['last-event-id']);
    follow(request, response);
  };
  const { connected } = verifier({ cache: 60, token: 'own' });
  await connected;
  streams.pop()?.destroy();
  await until(() => places.length === 2);
  expect(places).toEqual([undefined, '5-1']);
});

it('a verifier whose stream is refused says so, forgets what it kept, and goes on', async () => {
  const errors: string[] = [];
  const { verify, connected } = verifier({ cache: 60, token: 'own', onError: ({ message }) => errors.push(message) });
  await connected;
  await verify('Token key');
  onRevocations = refuse(403, 'FORBIDDEN');
  streams.pop()?.destroy();
  await until(() => errors.length === 1);
  expect([(await verify('Token key')).active, asked]).toEqual([true, 2]);
  onRevocations = refuse(401, 'INVALID');
  await expect(verifier({ cache: 60, token: 'wrong' }).connected).rejects.toThrow('/revocations answers 401');
});

it('a verifier goes on with what it knew last, where it may, for as long as it may', async () => {
  const lasting = verifier({ onUnavailable: 'last-known' });
  const short = verifier({ onUnavailable: 'last-known', lastKnownFor: 0 });
  for (const { verify } of [lasting, short]) await verify('Token key');
  onVerify = away;
  expect((await lasting.verify('Token key')).active).toBe(true);
  expect(await lasting.verify('Token other')).toMatchObject({ status: 503 });
  expect(await short.verify('Token key')).toMatchObject({ status: 503 });
  onVerify = refuse(401, 'INVALID');
  await lasting.verify('Token key');
  onVerify = away;
  expect(await lasting.verify('Token key')).toMatchObject({ status: 503 });
});
