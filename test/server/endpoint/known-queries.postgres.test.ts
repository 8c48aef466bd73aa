import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

/** Yoga answers a query the first time; from then on its pipeline is passed by. Nobody may be able to tell. */
let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('ann'));
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
];

const clients = [JSON_TYPE, GRAPHQL_TYPE].flatMap((accept) => ['mine', 'stale', 'none'].map((whose) => ({ accept, whose })));

describe.each(clients)('under $accept with token: $whose', ({ accept, whose }) => {
  it.each(bodies)('$about is answered the third time as it was the first', async ({ about, body }) => {
    const authorization = { mine: ['Authorization', `Token ${token}`], stale: ['Authorization', `Token ${'0'.repeat(40)}`], none: [] }[
      whose
    ];
    const query = `${body.query} # ${about}, ${accept}, ${whose}`; // a document nobody has sent yet
    const send = async () => {
      const headers = ['Content-Type', JSON_TYPE, 'Accept', accept, ...(authorization ?? [])];
      const { headers: received, ...reply } = await rawRequest(app.url, { body: JSON.stringify({ ...body, query }), headers });
      return { ...reply, headers: { ...received, date: undefined, 'x-request-id': undefined } };
    };
    const [first, , third] = [await send(), await send(), await send()];
    expect(third).toEqual(first);
  });
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
