import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { jsonBody, SECRET, sendHarmless } from '../../support/client/harmless.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }';
const input = { username: 'stranger', password: `${SECRET}-1` };
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe('variables of the wrong type', () => {
  const password = SECRET;
  it.each([
    { what: 'none', variables: undefined },
    { what: 'null', variables: { input: null } },
    { what: 'a string for an object', variables: { input: SECRET } },
    { what: 'a list for an object', variables: { input: [input] } },
    { what: 'a missing field', variables: { input: { password } } },
    { what: 'a null for a string', variables: { input: { username: null, password } } },
    {
      what: 'numbers, lists and objects for strings',
      variables: { input: { username: 1, password: [SECRET], email: { [SECRET]: SECRET } } },
    },
    { what: 'a field that does not exist', variables: { input: { ...input, isStaff: true } } },
    { what: 'a field with a name that is none', variables: { input: { ...input, [`" ${SECRET}`]: 1 } } },
    { what: 'fields of every object', variables: { input: { ...input, constructor: SECRET, toString: SECRET, hasOwnProperty: SECRET } } },
    { what: '__proto__ as a field', variables: { input: JSON.parse(`{"__proto__": {"username": "stranger", "password": "${SECRET}"}}`) } },
    {
      what: 'a thousand wrong fields',
      variables: { input: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`x${n}`, SECRET])) },
    },
    { what: '2,000 nested lists', variables: { input: { ...input, password: JSON.parse(nested('[', ']', 2000)) } } },
  ])('$what: BAD_USER_INPUT', async ({ variables }) => {
    const reply = await sendHarmless(app, jsonBody({ query: REGISTER, variables }));
    expect(reply.status).toBe(400);
    for (const { extensions } of reply.json.errors) expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it.each([
    { what: '48,000 nested lists', value: nested('[', ']', 48_000) },
    { what: '12,000 nested objects', value: nested('{"a":', '}', 12_000).replace('}', '1}') },
  ])('$what: BAD_USER_INPUT', async ({ value }) => {
    const body = `{"query": ${JSON.stringify(REGISTER)}, "variables": {"input": {"username": ${value}, "password": "${SECRET}"}}}`;
    const reply = await sendHarmless(app, jsonBody(body));
    expect(reply.json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('$%s as the name of a variable', async (name) => {
    const query = `mutation ($${name}: RegisterInput!) { register(input: $${name}) { user { id } } }`;
    const reply = await sendHarmless(app, jsonBody(`{"query": "${query}", "variables": {"${name}": {"password": "${SECRET}"}}}`));
    expect(reply.json.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });
});
