import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

/** Yoga answers a query the first time; from then on its pipeline is passed by. Nobody may be able to tell. */
let app: TestApp;
let token: string;
/** What people send as their Authorization, by who they are. */
const authorizations: Record<string, string | null> = {
  none: null,
  unknown: `Token ${'0'.repeat(40)}`,
  empty: 'Token',
};
beforeAll(async () => {
  app = await createTestApp();
  for (const name of ['mine', 'staff', 'inactive', 'expired']) {
    const registered = await app.register(name);
    authorizations[name] = `Token ${registered.token}`;
    if (name === 'mine') token = registered.token;
  }
  await app.sql("update users set is_staff = username = 'staff', is_active = username <> 'inactive'");
  await app.sql("update tokens set expires_at = now() where user_id = (select id from users where username = 'expired')");
});
afterAll(() => app.close());

const bodies: { about: string; body: { query: string } & Record<string, unknown> }[] = [
  { about: 'a greeting', body: { query: '{ hello }' } },
  { about: 'a query for the database', body: { query: '{ me { id username dateJoined } tokens { id createdAt } }' } },
  { about: 'the type', body: { query: '{ __typename }' } },
  { about: 'a name', body: { query: 'query Hi { hello }', operationName: 'Hi' } },
  { about: 'a wrong name', body: { query: 'query Hi { hello }', operationName: 'Ho' } },
  { about: 'several operations', body: { query: 'query A { hello } query B { me { id } }', operationName: 'B' } },
  { about: 'null for everything', body: { query: '{ hello me { id } }', variables: null, operationName: null, extensions: null } },
  { about: 'what Apollo adds', body: { query: '{ hello }', variables: {}, extensions: { clientLibrary: { name: 'apollo' } } } },
  { about: 'variables', body: { query: 'query ($no: Boolean!) { hello @skip(if: $no) me { id } }', variables: { no: true } } },
  { about: 'a variable of the wrong type', body: { query: 'query ($no: Boolean!) { hello @skip(if: $no) }', variables: { no: 'x' } } },
  { about: 'a missing variable', body: { query: 'query ($no: Boolean!) { hello @skip(if: $no) }' } },
  { about: 'a list of variables', body: { query: '{ hello }', variables: [] } },
  { about: 'a list of extensions', body: { query: '{ hello }', extensions: [] } },
  { about: 'a name that is no string', body: { query: '{ hello }', operationName: 0 } },
  { about: 'an unknown parameter', body: { query: '{ hello }', more: 1 } },
  { about: 'an argument out of range', body: { query: '{ securityEvents(first: 0) { edges { node { id } } } }' } },
  { about: 'the schema', body: { query: '{ __schema { queryType { name } } }' } },
  { about: 'a syntax error', body: { query: '{ hello' } },
  { about: 'an unknown field', body: { query: '{ nothing }' } },
  { about: 'several fields and names', body: { query: '{ a: hello me { id } b: hello tokens { id } }' } },
  { about: 'one name twice', body: { query: '{ me { id } me { username } }' } },
  { about: 'what staff see', body: { query: '{ users { edges { node { id } } } user(id: 1) { username } }' } },
  { about: 'what staff and others see', body: { query: '{ hello users { edges { node { id } } } __typename }' } },
  { about: 'fragments', body: { query: '{ ...a } fragment a on Query { ...b hello } fragment b on Query { ... on Query { me { id } } }' } },
  {
    about: 'an argument',
    body: { query: 'query ($n: Int!) { securityEvents(first: $n) { edges { node { id } } } }', variables: { n: 2 } },
  },
  {
    about: 'a null for an argument with a default',
    body: { query: 'query ($id: ID = 1) { user(id: $id) { id } hello }', variables: { id: null } },
  },
  {
    about: 'a field left out',
    body: { query: 'query ($no: Boolean!) { me { id } ...a @skip(if: $no) } fragment a on Query { hello }', variables: { no: true } },
  },
  { about: 'all fields left out', body: { query: 'query ($no: Boolean!) { hello @skip(if: $no) }', variables: { no: true } } },
  { about: 'null for a condition', body: { query: 'query ($no: Boolean = true) { hello @skip(if: $no) }', variables: { no: null } } },
  {
    about: 'a mutation',
    body: { query: 'mutation M { updateProfile(input: { firstName: "A" }) { status { code } user { firstName } } }' },
  },
  { about: 'a mutation for staff', body: { query: 'mutation { setUserActive(input: { id: "0", active: false }) { status { code } } }' } },
  {
    about: 'a mutation with a variable that does not fit',
    body: { query: 'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { status { code } } }', variables: { input: 1 } },
  },
  { about: 'an open mutation', body: { query: 'mutation { verifyEmail(input: { token: "x" }) { status { code } } }' } },
  { about: 'a subscription', body: { query: 'subscription { tokenRevoked { reason } }' } },
];

const people = ['mine', 'staff', 'none', 'unknown', 'expired', 'inactive', 'empty'];
const clients = [JSON_TYPE, GRAPHQL_TYPE].flatMap((accept) => people.map((whose) => ({ accept, whose })));

/** The line in the log about an operation, but for what differs each time. */
function logged(requestId: unknown): object | undefined {
  const lines = app
    .logs()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const found = lines.find((line) => line.msg === 'operation' && line.requestId === requestId);
  return { ...found, requestId: undefined, time: undefined, duration: undefined };
}

describe.each(clients)('under $accept with token: $whose', ({ accept, whose }) => {
  const send = async (body: object) => {
    const authorization = authorizations[whose];
    const headers = ['Content-Type', JSON_TYPE, 'Accept', accept, ...(authorization ? ['Authorization', authorization] : [])];
    const { headers: received, json: _, ...reply } = await rawRequest(app.url, { body: JSON.stringify(body), headers });
    return { ...reply, headers: { ...received, date: undefined, 'x-request-id': undefined }, line: logged(received['x-request-id']) };
  };

  it.each(bodies)('$about is answered and logged the third time as it was the first', async ({ about, body }) => {
    const query = `${body.query} # ${about}, ${accept}, ${whose}`; // a document nobody has sent yet
    const [first, second, third] = [await send({ ...body, query }), await send({ ...body, query }), await send({ ...body, query })];
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });
});

it.each([
  { authorization: 'Bearer abc', reason: 'WRONG_SCHEME' },
  { authorization: 'Token a b', reason: 'MALFORMED' },
  { authorization: 'Token \xff', reason: 'MALFORMED' },
])('each reason has an answer of its own: $authorization', async ({ authorization, reason }) => {
  const headers = ['Authorization', authorization, 'Content-Type', JSON_TYPE];
  const body = JSON.stringify({ query: '{ hello } # for a reason' });
  const send = async () => (await rawRequest(app.url, { headers, body })).json;
  const answers = [await send(), await send(), await send()];
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0].errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason });
});

it('an answer to a GET stays the same', async () => {
  const path = `/graphql?query=${encodeURIComponent('{ hello } # by GET')}`;
  const send = async () => {
    const { headers, ...reply } = await rawRequest(app.url, { path, headers: ['Accept', GRAPHQL_TYPE] });
    return { ...reply, challenge: headers['www-authenticate'] };
  };
  const first = await send();
  expect(first).toMatchObject({ status: 401, challenge: 'Token' });
  expect([await send(), await send()]).toEqual([first, first]);
});

it('a refusal ends as soon as the token or its user may do more, and begins as soon as they may do less', async () => {
  const { token } = await app.register('riser');
  const query = '{ users(first: 1) { edges { node { id } } } }';
  const statuses = async () => [await app.graphql(query, { token }), await app.graphql(query, { token })].map(({ status }) => status);
  const set = (columns: string) => app.sql(`update users set ${columns} where username = 'riser'`);
  expect(await statuses()).toEqual([403, 403]);
  await set('is_staff = true');
  expect(await statuses()).toEqual([200, 200]);
  await set('is_staff = false');
  expect(await statuses()).toEqual([403, 403]);
  await set('is_superuser = true');
  expect(await statuses()).toEqual([200, 200]);
  await set('is_active = false');
  expect(await statuses()).toEqual([401, 401]);
});

it('an error of a resolver is masked the second time too', async () => {
  const query = '{ tokens { id } }';
  await app.graphql(query, { token });
  await app.sql('alter table tokens rename column name to label');
  const reply = await app.graphql(query, { token, accept: GRAPHQL_TYPE });
  await app.sql('alter table tokens rename column label to name');
  expect(reply.status).toBe(500);
  expect(reply.errors).toMatchObject([{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
});
