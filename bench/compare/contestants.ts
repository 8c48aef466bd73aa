import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { variableNames } from '../../src/config/every-variable.ts';
import type { Bed } from '../bed/bed.ts';
import { type Command, DEBIAN_PYTHON, missingForDjango, startPeer } from '../bed/peers.ts';
import { createShot, helloShot, keyOf, type Shot, tokenOf } from '../load/request.ts';

/** Tokens that take turns. */
export const TOKENS = 5000;

type Running = { readonly url: string; readonly pid: number };

/** Something to measure. */
export type Contestant = {
  /** For `--only`. */
  readonly id: string;
  readonly name: string;
  readonly start: (bed: Bed) => Promise<Running>;
  /** Why it cannot take part here; null when it can. */
  readonly missing?: () => string | null;
  readonly shots: (url: string) => (n: number) => Shot;
};

type Headers = Record<string, string>;

/** better-auth's cookie: the session's token and its signature. The secret is the one in peers/better-auth.ts. */
const cookie = (n: number): Headers => {
  const signature = createHmac('sha256', 'a-secret-for-the-benchmark-0123456789').update(keyOf(n)).digest('base64');
  return { Cookie: `better-auth.session_token=${encodeURIComponent(`${keyOf(n)}.${signature}`)}` };
};

/** `{ hello }` with 5,000 credentials in turn. */
export const hello =
  (headersOf: (n: number) => Headers = tokenOf) =>
  (url: string) => {
    return inTurn(Array.from({ length: TOKENS }, (_, n) => helloShot(url, headersOf(n))));
  };

type Question = { readonly query: string; readonly expected: string; readonly headersOf?: (n: number) => Headers };

const asking =
  ({ query, expected, headersOf = () => ({}) }: Question) =>
  (url: string) =>
    inTurn(
      Array.from({ length: TOKENS }, (_, n) => createShot({ url: `${url}/graphql`, body: { query }, expected, headers: headersOf(n) })),
    );

const typename = asking({ query: '{ __typename }', expected: '"__typename":"Query"' });

/** What this server is asked besides, each with what it answers. */
const questions: readonly (Question & { readonly id: string; readonly name: string })[] = [
  {
    id: 'me',
    name: '{ me { … } } with a token',
    query: '{ me { id username email isStaff } }',
    expected: '"username":"user-',
    headersOf: tokenOf,
  },
  {
    id: 'unknown',
    name: 'refused: unknown token',
    query: '{ hello }',
    expected: '"UNAUTHENTICATED"',
    headersOf: (n) => ({ Authorization: `Token ${String(n).padStart(40, '0')}` }),
  },
  { id: 'none', name: 'refused: no token', query: '{ hello }', expected: '"UNAUTHENTICATED"' },
  {
    id: 'malformed',
    name: 'refused: malformed header',
    query: '{ hello }',
    expected: '"UNAUTHENTICATED"',
    headersOf: () => ({ Authorization: 'Token a b' }),
  },
  {
    id: 'forbidden',
    name: 'refused: for staff only',
    query: '{ users { edges { cursor } } }',
    expected: '"FORBIDDEN"',
    headersOf: tokenOf,
  },
  { id: 'unknown-field', name: 'unknown field', query: '{ hallo }', expected: '"GRAPHQL_VALIDATION_FAILED"', headersOf: tokenOf },
  { id: 'parse-error', name: 'parse error', query: '{ hello', expected: '"GRAPHQL_PARSE_FAILED"', headersOf: tokenOf },
];

const inTurn = (shots: readonly Shot[]) => (n: number) => {
  const shot = shots[n % shots.length];
  if (!shot) throw new Error('there is nothing to send');
  return shot;
};

const peer = (id: string, name: string, ...command: Command): Contestant => ({
  id,
  name,
  start: (bed) => startPeer({ command, bed, seed: TOKENS }),
  shots: hello(),
});

const gunicorn = '-m gunicorn --preload --bind 127.0.0.1:0 --workers 1 --worker-class gthread --threads 4 --keep-alive 75';

/** This product and what it is compared with, each a process of its own on one PostgreSQL. */
export function contestants(): Contestant[] {
  let server: Promise<Running> | undefined; // one for both questions
  const ours = (bed: Bed) => (server ??= bed.startServer());
  return [
    { id: 'hello', name: 'this server: { hello } with a token', start: ours, shots: hello() },
    { id: 'typename', name: 'this server: { __typename } without', start: ours, shots: typename },
    ...questions.map(({ id, name, ...question }) => ({ id, name: `this server: ${name}`, start: ours, shots: asking(question) })),
    {
      id: 'workers',
      name: 'this server: { hello }, 2 workers',
      start: (bed) => bed.startServer({ WORKERS: '2' }),
      missing: missingForWorkers,
      shots: hello(),
    },
    peer('bare-lookup', 'bare node:http + prepared lookup', 'node', 'bare-lookup.ts'),
    peer('mercurius', 'Mercurius, JIT + prepared lookup', 'node', 'mercurius.ts'),
    peer('apollo', 'Apollo Server 5 + prepared lookup', 'node', 'apollo.ts'),
    peer('yoga', 'Yoga defaults + MikroORM', 'node', 'yoga-mikro-orm.ts'),
    {
      ...peer('drf', 'DRF TokenAuthentication, gunicorn', DEBIAN_PYTHON, ...gunicorn.split(' '), 'drf:application'),
      missing: missingForDjango,
    },
    { ...peer('better-auth', 'better-auth getSession', 'node', 'better-auth.ts'), shots: hello(cookie) },
    peer('bare', 'bare node:http, no lookup', 'node', 'bare.ts'),
  ];
}

const missingForWorkers = (): string | null => {
  if (!variableNames.includes('WORKERS')) return 'this version has no WORKERS';
  return availableParallelism() < 2 ? 'this machine has one core' : null;
};
