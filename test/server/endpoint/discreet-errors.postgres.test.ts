import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { jsonBody, SECRET, sendHarmless } from '../../support/client/harmless.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = (password: string) => `mutation { login(input: { username: "a", password: ${password} }) { token } }`;

describe('a literal that does not fit is refused without quoting it', () => {
  it.each([
    { what: 'a password without quotes', query: login(SECRET), says: 'String cannot represent a non string value.' },
    { what: 'a number', query: login(`98765432109876543210`), says: 'String cannot represent a non string value.' },
    { what: 'a list', query: login(`["${SECRET}"]`), says: 'String cannot represent a non string value.' },
    {
      what: 'an object',
      query: login(`{ a: "${SECRET}", b: [${SECRET}, 1.5] }`),
      says: 'String cannot represent a non string value.',
    },
    {
      what: 'an object, 200 deep',
      query: login(`${'{a:'.repeat(200)}"${SECRET}"${'}'.repeat(200)}`),
      says: 'String cannot represent a non string value.',
    },
    {
      what: 'a list, 400 deep',
      query: login(`${'['.repeat(400)}"${SECRET}"${']'.repeat(400)}`),
      says: 'String cannot represent a non string value.',
    },
    {
      what: 'a string for an input',
      query: `mutation { login(input: "${SECRET}") { token } }`,
      says: 'Expected value of type "LoginInput!".',
    },
    {
      what: 'a list for an input',
      query: `mutation { login(input: ["${SECRET}"]) { token } }`,
      says: 'Expected value of type "LoginInput".',
    },
    {
      what: 'a missing field',
      query: `mutation { login(input: { password: "${SECRET}" }) { token } }`,
      says: 'Field "LoginInput.username" of required type "String!" was not provided.',
    },
    {
      what: 'an unknown field',
      query: login(`"x", isStaff: "${SECRET}"`),
      says: 'Field "isStaff" is not defined by type "LoginInput".',
    },
    {
      what: 'a string for a condition',
      query: `{ __typename @skip(if: "${SECRET}") }`,
      says: 'Boolean cannot represent a non boolean value.',
    },
    {
      what: 'a string in the default of a variable',
      query: `query ($a: Boolean = "${SECRET}") { __typename @skip(if: $a) }`,
      says: 'Boolean cannot represent a non boolean value.',
    },
    {
      what: 'a large number',
      query: '{ a: __type(name: 99999999999999999999) { name } }',
      says: 'String cannot represent a non string value.',
    },
  ])('$what', async ({ query, says }) => {
    const reply = await sendHarmless(app, jsonBody({ query }));
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('9876543210');
    expect(reply.json.errors[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(reply.json.errors[0].message).toBe(says);
    expect(reply.json.errors[0].locations).toHaveLength(1);
  });

  it.each([
    { type: 'Int', literal: `"${SECRET}"`, says: 'Int cannot represent non-integer value.' },
    { type: 'Int', literal: '98765432109876543210', says: 'Int cannot represent non 32-bit signed integer value.' },
    // An app may have fields of that type, or types with names like it.
    { type: 'Float', literal: `"${SECRET}"`, says: /^(Unknown type "Float"\.|Float cannot represent non numeric value\.)/ },
    { type: 'ID', literal: SECRET, says: 'ID cannot represent a non-string and non-integer value.' },
    { type: 'FieldErrorCode', literal: `"${SECRET}"`, says: 'Enum "FieldErrorCode" cannot represent non-enum value.' },
    { type: 'FieldErrorCode', literal: SECRET, says: 'A value does not fit its type.' },
    { type: 'DateTime', literal: `"${SECRET}"`, says: 'A value does not fit its type.' },
    { type: 'LoginInput', literal: `{ username: ${SECRET}, password: "x" }`, says: 'String cannot represent a non string value.' },
    { type: '[Int!]', literal: `[1, [${SECRET}]]`, says: 'Int cannot represent non-integer value.' },
  ])('$literal as the default of a $type', async ({ type, literal, says }) => {
    const reply = await sendHarmless(app, jsonBody({ query: `query ($a: ${type} = ${literal}) { __typename }` }));
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('9876543210');
    const message = typeof says === 'string' ? says : expect.stringMatching(says);
    expect(reply.json.errors[0]).toMatchObject({ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  });
});

describe('what only shows while it runs is refused without quoting the rest of the argument', () => {
  it.each([
    { what: 'a null where the default allowed a variable', argument: `{ username: $v, password: "${SECRET}" }`, type: 'String = "x"' },
    { what: 'a null for a whole input', argument: '$v', type: 'LoginInput = { username: "x", password: "x" }' },
  ])('$what', async ({ argument, type }) => {
    const query = `mutation ($v: ${type}) { login(input: ${argument}) { token } }`;
    const reply = await sendHarmless(app, jsonBody({ query, variables: { v: null } }));
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toMatchObject([{ path: ['login'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

// An app's own names may be suggested too.
describe('what is not a value is named, so that people find their mistake', () => {
  it.each([
    { query: '{ hallo }', message: /^Cannot query field "hallo" on type "Query"\. Did you mean .*"hello"/ },
    { query: '{ hello(loud: true) }', message: /^Unknown argument "loud" on field "Query\.hello"\./ },
    { query: 'query ($a: Strin) { __typename }', message: /^Unknown type "Strin"\. Did you mean .*"String"/ },
    { query: '{ ...f }', message: /^Unknown fragment "f"\.$/ },
    { query: '{ hello @nope }', message: /^Unknown directive "@nope"\.$/ },
    { query: '{ me }', message: /^Field "me" of type "User" must have a selection of subfields\./ },
  ])('$query', async ({ query, message }) => {
    const { errors } = await app.graphql(query);
    expect(errors.map((error) => error.message)).toContainEqual(expect.stringMatching(message));
  });

  it('and introspection, the longest honest document, stays within the limits', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const everything = {
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    expect((await app.graphql(getIntrospectionQuery(everything))).status).toBe(200);
  });
});
