import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../support/client/graphql-client.ts';
import { selectionOf } from '../support/client/selection.ts';

/** Whoever adds a field to schema.graphql has it tested here: guarded ones refuse strangers, the others answer. */
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

const roots = [
  { keyword: 'query', type: schema.getQueryType() },
  { keyword: 'mutation', type: schema.getMutationType() },
];

const fields = roots.flatMap(({ keyword, type }) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ keyword, field, name: field.name })),
);

const isGuarded = ({ astNode }: GraphQLField<unknown, unknown>): boolean =>
  astNode?.directives?.some(({ name }) => ['authenticated', 'requiresScopes'].includes(name.value)) ?? false;

const operation = (keyword: string, field: GraphQLField<unknown, unknown>): string => `${keyword} { ${selectionOf(field)} }`;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

describe.each(fields.filter(({ field }) => isGuarded(field)))('guarded $keyword $name', ({ keyword, field, name }) => {
  const strangers = [
    { who: 'nobody', token: undefined, reason: 'MISSING' },
    { who: 'a stale token', token: '0'.repeat(40), reason: 'INVALID' },
  ];

  it.each(strangers)('refuses $who with 401 and says why', async ({ token, reason }) => {
    const reply = await app.graphql(operation(keyword, field), { ...(token && { token }), accept: GRAPHQL_TYPE });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Token');
    expect(reply.errors).toMatchObject([{ path: [name], extensions: { code: 'UNAUTHENTICATED', reason } }]);
    expect(reply.data).toEqual({ [name]: null });
  });

  it('refuses with 200 under application/json, so that Apollo Client keeps the error', async () => {
    const reply = await app.graphql(operation(keyword, field), { accept: JSON_TYPE });
    expect(reply.status).toBe(200);
    expect(reply.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe.each(fields.filter(({ field }) => !isGuarded(field)))('public $keyword $name', ({ keyword, field, name }) => {
  it('answers a stranger', async () => {
    const reply = await app.graphql(operation(keyword, field));
    expect(reply.status).toBe(200);
    expect(reply.errors).toEqual([]);
    expect(reply.data[name]).not.toBeNull();
  });

  it('answers a client with a stale token', async () => {
    const reply = await app.graphql(operation(keyword, field), { token: '0'.repeat(40) });
    expect(reply.errors).toEqual([]);
  });
});

describe('the guards in schema.graphql', () => {
  it('are on hello and me, not on register and login', () => {
    const names = fields.filter(({ field }) => isGuarded(field)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['hello', 'me']));
    expect(names).not.toContain('register');
    expect(names).not.toContain('login');
  });
});
