import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

/** What graphql-cop (github.com/dolevf/graphql-cop) sends and takes for a finding, sent by a stranger to a server in production. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' } });
});
afterAll(() => app.close());

type Request = Parameters<typeof rawRequest>[1];
type Reply = Awaited<ReturnType<typeof rawRequest>>;

const JSON_HEADERS = ['Content-Type', 'application/json', 'Accept', '*/*'];
const post = (body: unknown): Request => ({ body: JSON.stringify(body), headers: JSON_HEADERS });
const send = (query: string): Request => post({ query, operationName: 'cop' });
const get = (query: string): Request => ({ path: `/graphql?query=${encodeURIComponent(query)}`, headers: ['Accept', '*/*'] });
const repeat = (count: number, piece: (n: number) => string) => Array.from({ length: count }, (_, n) => piece(n)).join('');

const circle = `query cop { __schema { types { fields { ${'type { fields { '.repeat(4)} name ${'} } '.repeat(4)} } } } }`;
const everything = 'query cop { __schema { types { name fields { name } } } }';
const form = { body: 'query=query+cop+%7B__typename%7D', headers: ['Content-Type', 'application/x-www-form-urlencoded', 'Accept', '*/*'] };
const browser = ['Accept', 'text/html,application/xhtml+xml,*/*'];

const isAnswered = ({ json }: Reply): boolean => Boolean(json?.data?.__typename);

const probes: { probe: string; request: Request; finds: (reply: Reply) => boolean }[] = [
  {
    probe: 'alias overloading',
    request: send(`query cop { ${repeat(101, (n) => `alias${n}:__typename \n`)} }`),
    finds: ({ json }) => Boolean(json?.data?.alias100),
  },
  {
    probe: 'array-based query batching',
    request: post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }', operationName: 'cop' }))),
    finds: ({ json }) => Array.isArray(json) && json.length >= 10,
  },
  {
    probe: 'directive overloading',
    request: send(`query cop { __typename ${'@aa'.repeat(10)} }`),
    finds: ({ json }) => json?.errors?.length >= 10,
  },
  { probe: 'field duplication', request: send(`query cop { ${'__typename \n'.repeat(500)} }`), finds: isAnswered },
  { probe: 'circular introspection', request: send(circle), finds: ({ json }) => json?.data?.__schema?.types?.length > 25 },
  { probe: 'introspection', request: send(everything), finds: ({ json }) => Boolean(json?.data?.__schema) },
  { probe: 'field suggestions', request: send('query cop { __schema { directive } }'), finds: ({ text }) => text.includes('Did you mean') },
  { probe: 'field suggestions at the root', request: send('query cop { helo }'), finds: ({ text }) => text.includes('Did you mean') },
  { probe: 'GraphiQL', request: { headers: browser }, finds: ({ text }) => /graphiql|playground/i.test(text) },
  { probe: 'mutation by GET', request: get('mutation cop { __typename }'), finds: isAnswered },
  { probe: 'query by GET', request: get('query cop { __typename }'), finds: isAnswered },
  { probe: 'query by a form', request: form, finds: isAnswered },
  {
    probe: 'trace mode',
    request: send('query cop { __typename }'),
    finds: ({ text, headers }) => /tracing|"extensions"/.test(text) || 'server-timing' in headers,
  },
  { probe: 'debug errors', request: send('qwerty cop { abc }'), finds: ({ text }) => /exception|stack|node_modules|\bat /.test(text) },
];

describe('graphql-cop finds nothing', () => {
  it.each(probes)('$probe', async ({ request, finds }) => {
    const reply = await rawRequest(app.url, request);
    expect(finds(reply), reply.text).toBe(false);
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers).not.toHaveProperty('x-powered-by');
    expect(reply.headers).not.toHaveProperty('server');
  });
});
