import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD, GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { exchange, mutilate, type Pick, seeded } from '../../support/client/mutilate.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

/** Requests of each kind. The seed is fixed: each run sends the same ones. */
const COUNT = 150;

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('witness'));
});
afterAll(() => app.close());

type Json = { [key: string]: unknown };

const operations = (): Json[] => [
  { query: '{ hello me { id username email } tokens { id name current } }' },
  {
    query: 'query A($n: Int, $after: String) { securityEvents(first: $n, after: $after) { edges { cursor node { kind } } } }',
    variables: { n: 5, after: null },
  },
  {
    query: 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } user { id } } }',
    variables: { input: { username: 'witness', password: GOOD_PASSWORD } },
  },
  {
    query: 'mutation ($input: RegisterInput!) { register(input: $input) { token errors { field code } } }',
    variables: { input: { username: 'newcomer', password: GOOD_PASSWORD, email: 'new@example.com', firstName: 'Ada' } },
    operationName: null,
  },
  {
    query: 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token created { expiresAt } } }',
    variables: { input: { name: 'script', password: GOOD_PASSWORD, expiresAt: '2027-01-01T00:00:00Z' } },
  },
  { query: 'mutation ($id: ID!) { revokeToken(input: { id: $id }) { status { code } } }', variables: { id: '999' } },
];

const choose = (pick: Pick): Json => operations()[pick(operations().length)] ?? {};
const headers = () => ['Content-Type', JSON_TYPE, 'Accept', GRAPHQL_TYPE, 'Authorization', `Token ${token}`];
const post = async (body: string | Buffer) => {
  const { status, text } = await rawRequest(app.url, { body, headers: headers() });
  return { statuses: [status], text };
};

/** One byte of a message is another, or missing: Latin-1 keeps each byte a character. */
async function sendWhole(operation: Json, pick: Pick) {
  const body = Buffer.from(JSON.stringify(operation)).toString('latin1');
  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nAuthorization: Token ${token}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const text = await overOneConnection(app.url, mutilate(head + body, pick), { hangUp: true });
  return { statuses: [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status)), text };
}

async function sendByGet({ query, variables = {} }: Json, pick: Pick) {
  const search = mutilate(`query=${encodeURIComponent(String(query))}&variables=${encodeURIComponent(JSON.stringify(variables))}`, pick);
  const path = `/graphql?${search.replace(/[^\x21-\xff]/g, '%')}`;
  const { status, text } = await rawRequest(app.url, { path, headers: headers() });
  return { statuses: [status], text };
}

const kinds: { kind: string; send: (operation: Json, pick: Pick) => Promise<{ statuses: number[]; text: string }> }[] = [
  {
    kind: 'a mutilated document',
    send: (operation, pick) => post(JSON.stringify({ ...operation, query: mutilate(String(operation.query), pick) })),
  },
  { kind: 'a mutilated body', send: (operation, pick) => post(mutilate(JSON.stringify(operation), pick)) },
  { kind: 'a body with an exchanged value', send: (operation, pick) => post(JSON.stringify(exchange(operation, pick))) },
  { kind: 'a mutilated query string', send: sendByGet },
  { kind: 'a mutilated message', send: sendWhole },
];

describe.each(kinds)('$kind', ({ send }) => {
  it(`is never the server's mistake, ${COUNT} times`, async () => {
    const pick = seeded(20_261_128);
    const wrong: unknown[] = [];
    const seen = new Set<number>();
    for (let n = 0; n < COUNT; n++) {
      const { statuses, text } = await send(choose(pick), pick);
      for (const status of statuses) seen.add(status);
      const isWrong = statuses.some((status) => status >= 500) || /INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE/.test(text);
      if (isWrong) wrong.push({ n, statuses, text });
    }
    expect(wrong).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining([200, 400])); // some wounds are deep, some are not
    expect(app.alarms()).toEqual([]);
    expect((await app.graphql('{ hello }', { token })).data).toEqual({ hello: 'Hello, World!' });
  });
});
