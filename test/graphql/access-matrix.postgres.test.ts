import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD, GRAPHQL_TYPE, JSON_TYPE } from '../support/client/graphql-client.ts';
import { rawRequest } from '../support/client/raw-request.ts';
import { type Guard, type RootField, rootFields } from '../support/client/root-fields.ts';

/** Every root field, asked for by every kind of person in every way that GraphQL has: a new field joins by itself. */
const fields = rootFields(readFileSync('schema.graphql', 'utf8'));

const SIGNED_IN: Record<string, readonly string[]> = { plain: [], staff: ['staff'], superuser: ['staff', 'superuser'] };
const REASONS: Record<string, string> = { stranger: 'MISSING', 'owner of an ended token': 'INVALID', 'closed account': 'INACTIVE' };
const askers = [...Object.keys(REASONS), ...Object.keys(SIGNED_IN)];

type Asked = { readonly query: string; readonly variables?: object; readonly operationName?: string; readonly key?: string };
type Way = { readonly way: string; readonly write: (field: RootField) => Asked; readonly accept?: string; readonly not?: string };

/** `not` is what the language does not allow for subscriptions. */
const ways: Way[] = [
  { way: 'by its name', write: ({ keyword, selection }) => ({ query: `${keyword} { ${selection} }` }) },
  { way: 'for application/json', accept: JSON_TYPE, write: ({ keyword, selection }) => ({ query: `${keyword} { ${selection} }` }) },
  { way: 'under another name', write: ({ keyword, selection }) => ({ query: `${keyword} { hello: ${selection} }`, key: 'hello' }) },
  { way: 'in an inline fragment', write: ({ keyword, selection }) => ({ query: `${keyword} { ... { ${selection} } }` }) },
  {
    way: 'in a fragment in a fragment',
    write: ({ keyword, root, selection }) => ({
      query: `${keyword} { ...a } fragment a on ${root} { ... on ${root} { ...b } } fragment b on ${root} { ${selection} }`,
    }),
  },
  {
    way: 'where a variable includes it',
    not: 'subscription',
    write: ({ keyword, selection }) => ({
      query: `${keyword} ($yes: Boolean!) { ... @include(if: $yes) { ${selection} } }`,
      variables: { yes: true },
    }),
  },
  {
    way: 'beside a public field',
    not: 'subscription',
    write: ({ keyword, selection }) => ({ query: `${keyword} { __typename ${selection} }` }),
  },
  {
    way: 'as the second of two operations',
    write: ({ keyword, selection }) => ({ query: `query A { __typename } ${keyword} B { ${selection} }`, operationName: 'B' }),
  },
];

let app: TestApp;
const dead: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp();
  await app.register('target'); // has the id 1, which the fields are asked for
  for (const name of Object.keys(SIGNED_IN)) await app.register(name);
  await app.sql("update users set is_staff = true where username = 'staff'");
  await app.sql("update users set is_superuser = true where username = 'superuser'");
  dead['closed account'] = (await app.register('closed')).token;
  await app.sql("update users set is_active = false where username = 'closed'");
  const ended = (await app.register('leaver')).token;
  await app.graphql('mutation { logout { status { code } } }', { token: ended });
  dead['owner of an ended token'] = ended;
});
afterAll(() => app.close());

/** A key of an asker, fresh because some fields end it. */
async function keyOf(asker: string): Promise<string | undefined> {
  if (!SIGNED_IN[asker]) return dead[asker];
  const { data } = await app.graphql(`mutation { login(input: { username: "${asker}", password: "${GOOD_PASSWORD}" }) { token } }`);
  return data.login.token;
}

/** What only a permitted field could change. */
const state = () =>
  app.sql(`select u.id, username, email, is_active, is_staff, is_superuser, password_hash, first_name,
    (select count(*)::int from tokens where user_id = u.id and u.id = 1) as tokens from users u order by u.id`);

/** The code and reason of a refusal; undefined for who may ask. */
function refusalFor(asker: string, { isPublic, scopes }: Guard): Record<string, string> | undefined {
  if (isPublic) return undefined;
  const own = SIGNED_IN[asker];
  if (!own) return { code: 'UNAUTHENTICATED', reason: REASONS[asker] ?? '' };
  return scopes.every((scope) => own.includes(scope)) ? undefined : { code: 'FORBIDDEN' };
}

async function ask(field: RootField, { write, accept = GRAPHQL_TYPE }: Way, asker: string) {
  const { key = field.name, ...asked } = write(field);
  const token = await keyOf(asker);
  const headers = ['Content-Type', JSON_TYPE, 'Accept', accept, ...(token ? ['Authorization', `Token ${token}`] : [])];
  const { status, json } = await rawRequest(app.url, { body: JSON.stringify(asked), headers });
  const [error, ...more] = json.errors ?? [];
  return { status, key, value: json.data?.[key] ?? null, error, more };
}

it('there are fields of every kind', () => {
  expect(fields.length).toBeGreaterThanOrEqual(27);
  expect(new Set(fields.map(({ isPublic, scopes }) => `${isPublic} ${scopes}`))).toEqual(
    new Set(['true ', 'false ', 'false staff', 'false superuser']),
  );
});

describe.each(fields)('$keyword $name', (field) => {
  it.each(askers)('is answered or refused as its guard says, in every way, for: %s', async (asker) => {
    const refusal = refusalFor(asker, field);
    const before = await state();
    for (const way of ways.filter(({ not }) => not !== field.keyword)) {
      const { status, key, value, error, more } = await ask(field, way, asker);
      const seen = { way: way.way, status, code: error?.extensions.code, reason: error?.extensions.reason, path: error?.path, more };
      const refusedStatus = refusal?.code === 'FORBIDDEN' ? 403 : 401;
      if (refusal) {
        const expected = { way: way.way, status: way.accept === JSON_TYPE ? 200 : refusedStatus, reason: undefined, ...refusal };
        expect(seen).toEqual({ ...expected, path: [key], more: [] });
        expect(value).toBeNull();
      } else if (field.keyword === 'subscription') expect(seen).toMatchObject({ status: 406, code: 'BAD_REQUEST' });
      else expect(seen).toEqual({ way: way.way, status: 200, code: undefined, reason: undefined, path: undefined, more: [] });
    }
    if (refusal) expect(await state()).toEqual(before);
  });
});

const byGet = async ({ keyword, selection }: RootField, asker: string) => {
  const token = await keyOf(asker);
  const path = `/graphql?query=${encodeURIComponent(`${keyword} { ${selection} }`)}`;
  return rawRequest(app.url, { path, headers: ['Accept', GRAPHQL_TYPE, 'Authorization', token ? `Token ${token}` : ''] });
};

describe('by GET', () => {
  it.each(fields.filter(({ keyword }) => keyword === 'query'))('$name is guarded alike', async (field) => {
    for (const asker of askers) {
      const { json } = await byGet(field, asker);
      expect(json.errors?.[0]?.extensions, asker).toEqual(refusalFor(asker, field));
    }
  });

  it.each(fields.filter(({ keyword }) => keyword === 'mutation'))('$name does not run, whichever person asks', async (field) => {
    const before = await state();
    for (const asker of askers) expect((await byGet(field, asker)).status, asker).toBe(405);
    expect(await state()).toEqual(before);
  });
});

it('none of it made the server complain', () => expect(app.alarms()).toEqual([]));
