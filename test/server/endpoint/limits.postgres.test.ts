import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('measured'));
});
afterAll(() => app.close());

type Asked = { query: string; variables?: Record<string, unknown>; extensions?: Record<string, unknown> };

const times = (count: number, piece: (index: number) => string): string => Array.from({ length: count }, (_, n) => piece(n)).join(' ');
const fields = ['id', 'username', 'email', 'firstName', 'lastName'];
const typename = '{ __typename }';
const typenames = (count: number) => times(count, () => '__typename');
const page = (alias: string, first: string, fields: number) => `${alias}: securityEvents(first: ${first}) { ${typenames(fields)} }`;
const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
const type = (selection: string) => `{ __type(name: "User") { ${selection} } }`;
const chain = (count: number) =>
  `${times(count, (n) => `fragment f${n} on __Type { ofType { ...f${n + 1} } }`)} fragment f${count} on __Type { name }`;

const parsing = 'GRAPHQL_PARSE_FAILED';
const badInput = 'BAD_USER_INPUT';
const validation = 'GRAPHQL_VALIDATION_FAILED';

/** Milliseconds. Far above what a refusal takes, far below the work it spares. */
const SOON = 1000;

const limits: { what: string; limit: number; code: string; ask: (size: number) => Asked }[] = [
  {
    what: 'tokens',
    limit: 1000,
    code: parsing,
    ask: (size) => ({ query: `{ me { ${times(size - 5, (n) => fields[n % fields.length] ?? '')} } }` }),
  },
  { what: 'characters', limit: 15_000, code: parsing, ask: (size) => ({ query: typename.padEnd(size) }) },
  { what: 'lines', limit: 2000, code: parsing, ask: (size) => ({ query: `${'\n'.repeat(size - 1)}${typename}` }) },
  { what: 'lines of DOS', limit: 2000, code: parsing, ask: (size) => ({ query: `${'\r\n'.repeat(size - 1)}${typename}` }) },
  { what: 'comments', limit: 1000, code: parsing, ask: (size) => ({ query: `${'#\n'.repeat(size)}${typename}` }) },
  {
    what: 'levels',
    limit: 15,
    code: validation,
    ask: (size) => ({ query: type(`${times(size - 2, () => 'ofType {')} name ${times(size - 2, () => '}')}`) }),
  },
  { what: 'levels in fragments', limit: 15, code: validation, ask: (size) => ({ query: `${type('...f0')} ${chain(size - 2)}` }) },
  { what: 'aliases', limit: 15, code: validation, ask: (size) => ({ query: `{ ${times(size, (n) => `a${n}: __typename`)} }` }) },
  { what: 'directives', limit: 8, code: validation, ask: (size) => ({ query: `{ ${times(size, () => '__typename @skip(if: false)')} }` }) },
  { what: 'root fields', limit: 20, code: validation, ask: (size) => ({ query: `{ ${typenames(size)} }` }) },
  {
    what: 'cost',
    limit: 5000,
    code: validation,
    ask: (size) => ({ query: `{ ${page('a', '100', 49)} ${page('b', String(size - 4902), 1)} }` }),
  },
  {
    what: 'selections from one field',
    limit: 30,
    code: validation,
    ask: (size) => ({ query: `{ securityEvents(first: 1) { ${times(size, () => 'pageInfo { hasNextPage }')} } }` }),
  },
  { what: 'levels of variables', limit: 10, code: badInput, ask: (size) => ({ query: typename, variables: nested(size) }) },
  { what: 'levels of extensions', limit: 10, code: badInput, ask: (size) => ({ query: typename, extensions: nested(size) }) },
  { what: 'values in variables', limit: 1000, code: badInput, ask: (size) => ({ query: typename, variables: numbered(size) }) },
  { what: 'values in extensions', limit: 1000, code: badInput, ask: (size) => ({ query: typename, extensions: numbered(size) }) },
  {
    what: 'values in lists and objects',
    limit: 1000,
    code: badInput,
    ask: (size) => ({ query: typename, variables: { a: [Array(400).fill(1), { b: Array(size - 404).fill('x') }] } }),
  },
];

describe.each(limits)('$limit $what', ({ limit, code, ask }) => {
  const send = ({ query, ...rest }: Asked) => app.graphql(query, { token, ...rest });

  it('are answered', async () => {
    const { status, errors } = await send(ask(limit));
    expect(errors).toEqual([]);
    expect(status).toBe(200);
  });

  it('and one more are refused at once, and nothing runs', async () => {
    const start = performance.now();
    const { status, errors, data } = await send(ask(limit + 1));
    expect(performance.now() - start).toBeLessThan(SOON);
    expect(status).toBe(400);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code }]);
    expect(errors[0]?.message).toContain(String(limit));
    expect(data ?? null).toBeNull();
  });
});

const spreadTwice = (count: number, last: string) =>
  `{ ...f0 } ${times(count, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f${count} on Query { ${last} }`;
const inFragments = (count: number, piece: string) =>
  `{ ${times(count, (n) => `...f${n}`)} } ${times(count, (n) => `fragment f${n} on Query { ${piece} }`)}`;
const pageInFragment = `fragment f on SecurityEventConnection { edges { ${typenames(25)} } }`;

describe('what hides its size is measured whole', () => {
  it.each([
    { what: '101 aliases of __typename', query: `{ ${times(101, (n) => `a${n}: __typename`)} }`, says: 'aliases' },
    { what: 'aliases in fragments', query: inFragments(16, 'a: __typename'), says: 'aliases' },
    { what: 'aliases in introspection', query: `{ __schema { ${times(16, (n) => `a${n}: __typename`)} } }`, says: 'aliases' },
    { what: 'fragments that each spread the next one twice', query: spreadTwice(90, 'hello'), says: 'root fields' },
    { what: 'such fragments around an alias', query: spreadTwice(30, 'a: hello'), says: 'aliases' },
    { what: 'such fragments around a directive', query: spreadTwice(30, 'hello @skip(if: true)'), says: 'directives' },
    {
      what: 'directives on anything',
      query: `query @x { ...f @x ... @x { ${'hello @x '.repeat(6)} } } fragment f on Query { id }`,
      says: 'directives',
    },
    { what: '10 directives in one place', query: `{ __typename ${'@aa'.repeat(10)} }`, says: 'directives' },
    { what: 'root fields in inline fragments', query: `{ ${times(21, () => '... { hello }')} }`, says: 'root fields' },
    { what: 'pages whose size a variable gives', query: `query ($n: Int) { ${times(2, (n) => page(`a${n}`, '$n', 25))} }`, says: 'cost' },
    {
      what: 'pages in a fragment',
      query: `{ a: securityEvents(first: 100) { ...f } b: securityEvents(first: 100) { ...f } } ${pageInFragment}`,
      says: 'cost',
    },
    {
      what: 'pages of users',
      query: `{ ${times(2, (n) => `a${n}: users(first: 100) { edges { node { ${typenames(25)} } } }`)} }`,
      says: 'cost',
    },
    { what: 'a page of a billion', query: `{ ${page('a', '1000000000', 1)} }`, says: 'cost' },
    { what: 'a list without pages', query: `{ ${times(10, (n) => `a${n}: tokens { ${typenames(50)} }`)} }`, says: 'cost' },
  ])('$what', async ({ query, says }) => {
    const { status, errors } = await app.graphql(query, { token });
    expect(status).toBe(400);
    expect(errors.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
  });
});

describe('what GraphQL’s own rules refuse is left to them', () => {
  it.each([
    { what: 'more comparisons than graphql-js makes', query: `{ me { ${'id '.repeat(990)} } }` },
    { what: 'fragments in a circle', query: '{ ...a } fragment a on Query { hello ...b } fragment b on Query { hello ...a }' },
    { what: 'a fragment in itself', query: '{ me { ...a } } fragment a on User { id ...a }' },
    { what: 'a fragment that does not exist', query: '{ ...nowhere }' },
    { what: 'a fragment on a type that does not exist', query: '{ ...a } fragment a on Nowhere { me { id } }' },
    { what: 'fields that do not exist', query: '{ nowhere(first: 1) { nowhere } constructor { id } }' },
    { what: 'an unknown subscription', query: 'subscription { nowhere { id } }' },
    { what: 'a repeated directive', query: '{ hello @skip(if: true) @skip(if: true) }' },
  ])('$what', async ({ query }) => {
    const { status, errors } = await app.graphql(query);
    expect(status).toBe(400);
    expect(errors[0]?.message).not.toMatch(/at most|A value/);
  });
});

describe('introspection', () => {
  it('as GraphiQL asks for it, with everything, is within the limits', async () => {
    const optional = {
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    const { status, data } = await app.graphql(getIntrospectionQuery(optional));
    expect(status).toBe(200);
    expect(data.__schema.types.length).toBeGreaterThan(10);
  });

  it('in circles is not', async () => {
    const query = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }';
    const { status, errors } = await app.graphql(query);
    expect(status).toBe(400);
    expect(errors[0]?.message).toBe('Maximum introspection depth exceeded');
  });

  it('is answered once in an operation', async () => {
    const types =
      'types { name fields { name args { name description defaultValue type { name } } type { name ofType { name ofType { name } } } } }';
    expect((await app.graphql(`{ __schema { ${types} } }`)).errors).toEqual([]);
    for (const query of [
      `{ ${times(15, (n) => `a${n}: __schema { ${types} }`)} }`,
      `{ __schema { ${times(15, (n) => `a${n}: ${types}`)} } }`,
      `{ ...f } fragment f on Query { ... { __schema { ${times(15, (n) => `a${n}: ${types}`)} } } }`,
    ]) {
      const { status, errors } = await app.graphql(query);
      expect(status).toBe(400);
      expect(errors.map(({ message }) => message)).toEqual(['An operation may ask for the schema once.']);
    }
  });
});

describe('the mistakes of a document', () => {
  it('are told up to the tenth', async () => {
    const { errors } = await app.graphql(`{ ${times(15, (n) => `unknown${n}`)} }`);
    expect(errors).toHaveLength(11);
    expect(errors.at(-1)?.message).toContain('Too many');
  });
});

describe('a document that is wrong in many places', () => {
  it.each([
    { what: 'unknown fields', query: `{ me { ${times(900, (n) => `k${n}`)} } }` },
    { what: 'unknown fragments', query: `{ ${times(480, (n) => `...F${n}`)} }` },
    { what: 'variables that nothing uses', query: `query (${times(190, (n) => `$v${n}: Int`)}) { hello }` },
    { what: 'unknown arguments', query: `{ users(${times(300, (n) => `a${n}: 1`)}) { edges { cursor } } }` },
    { what: 'unknown keys', query: `mutation { login(input: { ${times(300, (n) => `k${n}: 1`)} }) { token } }` },
  ])('$what: ten errors, not all of them', async ({ query }) => {
    const { status, errors } = await app.graphql(query, { token });
    expect(status).toBe(400);
    expect(errors.map(({ extensions: { code } }) => code)).toEqual(Array.from({ length: 11 }, () => validation));
    expect(errors.at(-1)?.message).toBe('Too many validation errors.');
  });

  it('has its fields compared with each other only when all of them exist', async () => {
    const conflict = 'username: id username';
    const both = await app.graphql(`{ me { nowhere ${conflict} } }`, { token });
    expect(both.errors.map(({ message }) => message)).toEqual([expect.stringContaining('"nowhere"')]);
    const alone = await app.graphql(`{ me { ${conflict} } }`, { token });
    expect(alone.errors).toMatchObject([{ message: expect.stringContaining('conflict'), extensions: { code: validation } }]);
  });
});
