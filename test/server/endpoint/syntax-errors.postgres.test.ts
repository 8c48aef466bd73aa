import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { jsonBody, SECRET, sendHarmless } from '../../support/client/harmless.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = (password: string) => `mutation { login(input: { username: "a", password: ${password} }) { token } }`;
const deep = (open: string, close: string) => open.repeat(2000) + SECRET + close.repeat(2000);

describe('a document that is not GraphQL is refused without quoting it', () => {
  it.each([
    { what: 'a password without quotes, of two words', query: login(`correct ${SECRET}`), says: 'Expected ":", found "}".' },
    { what: 'a password without quotes, of three words', query: login(`a b ${SECRET}`), says: 'Expected ":", found Name.' },
    { what: 'a password with a dollar', query: login(`$${SECRET} $${SECRET}`), says: 'Expected Name, found "$".' },
    { what: 'a string too many', query: login(`"x" "${SECRET}"`), says: 'Expected Name, found String.' },
    { what: 'a block string too many', query: login(`"x" """${SECRET}\n"quoted" """`), says: 'Expected Name, found BlockString.' },
    { what: 'a string that does not end', query: login(`"${SECRET}`), says: 'Unterminated string.' },
    { what: 'a block string that does not end', query: login(`"""${SECRET}`), says: 'Unterminated string.' },
    { what: 'a string in single quotes', query: login(`'${SECRET}'`), says: /^Unexpected single quote character/ },
    { what: 'an unknown escape', query: login(`"\\${SECRET}"`), says: 'Invalid character escape sequence.' },
    { what: 'a bad Unicode escape', query: login(`"\\u${SECRET}"`), says: 'Invalid Unicode escape sequence.' },
    { what: 'a bad long Unicode escape', query: login(`"\\u{${SECRET}}"`), says: 'Invalid Unicode escape sequence.' },
    { what: 'a lone surrogate', query: login(`"${SECRET}\\uD800"`), says: 'Invalid Unicode escape sequence.' },
    { what: 'a number that goes on as a word', query: login(`1${SECRET}`), says: 'Invalid number, expected digit but got.' },
    { what: 'a number that begins with 0', query: login(`07 # ${SECRET}`), says: 'Invalid number, unexpected digit after 0.' },
    { what: 'a control character', query: login(`\u0007${SECRET}`), says: 'Unexpected character: U+0007.' },
    { what: 'a word where a definition should be', query: SECRET, says: 'Unexpected Name.' },
    { what: 'a string where a definition should be', query: `"${SECRET}"`, says: /^Unexpected/ },
    {
      what: 'a variable in a default value',
      query: `query ($a: String = $${SECRET}) { __typename }`,
      says: 'Unexpected variable in constant value.',
    },
    { what: '2,000 nested lists', query: login(deep('[', ']')), says: /^Document contains more that 1000 tokens/ },
    { what: '2,000 nested objects', query: login(deep('{a:', '}')), says: /^Document contains more that 1000 tokens/ },
    { what: '2,000 nested selection sets', query: deep('{ a ', '}'), says: /^Document contains more that 1000 tokens/ },
    { what: '2,000 nested list types', query: `query ($a: ${deep('[', ']')}) { a }`, says: /^Document contains more that 1000 tokens/ },
    { what: '15,000 brackets that never close', query: '['.repeat(15_000), says: /^Unexpected "\["/ },
    { what: '1,001 comments', query: `${`#${SECRET}\n`.repeat(1001)}{ __typename }`, says: /^Document contains more than 1000 comments/ },
  ])('$what', async ({ query, says }) => {
    const reply = await sendHarmless(app, jsonBody({ query }));
    expect(reply.status).toBe(400);
    const [{ message, extensions, locations }] = reply.json.errors;
    expect(extensions).toEqual({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(message.replace('Syntax Error: ', '')).toMatch(says);
    expect(locations).toHaveLength(1);
  });
});
