import { type GraphQLField, type GraphQLInputType, getNamedType, isInputObjectType, isRequiredInputField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/features.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { textsWorkedOn } from '../support/app/texts-worked-on.ts';
import { COMBINING_MARKS } from '../support/client/combining-marks.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';

const budgets = ['LOGIN_ACCOUNT', 'LOGIN_ADDRESS', 'PASSWORD', 'REGISTER', 'RESET', 'LINK', 'STAFF', 'STAFF_READ', 'MAIL_ADDRESS'];
const env = { THROTTLE: 'on', TRUST_PROXY: '1', ...Object.fromEntries(budgets.map((name) => [`THROTTLE_${name}`, '99999/5m'])) };

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp({ env });
  ({ token } = await app.register('superuser'));
  await app.sql('update users set is_staff = true, is_superuser = true');
});
afterAll(() => app.close());

const texts = {
  'combining marks': COMBINING_MARKS,
  'capital ẞ': 'ẞ'.repeat(29_000),
  digits: '1'.repeat(88_000),
  blanks: ' '.repeat(88_000),
};
type Kind = keyof typeof texts;
const isLong = (text: string) => text.length > 20_000 && !text.startsWith('{'); // the body of the request is JSON

type Path = readonly string[];

/** Where an input takes a text. */
function pathsTo(type: GraphQLInputType, path: Path): Path[] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => pathsTo(field.type, [...path, field.name]));
  return ['String', 'ID'].includes(named.name) ? [path] : [];
}

const plain: Record<string, unknown> = { Int: 1, Float: 1, Boolean: true, DateTime: '2030-01-01T00:00:00Z' };

/** A value that fits a type, with a text at the end of a path. */
function valueWith(type: GraphQLInputType, [name, ...path]: Path, text: string): unknown {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return name === undefined ? text : (plain[named.name] ?? '1');
  const wanted = Object.values(named.getFields()).filter((field) => field.name === name || isRequiredInputField(field));
  return Object.fromEntries(wanted.map((field) => [field.name, valueWith(field.type, field.name === name ? path : ['none'], text)]));
}

type Place = { keyword: string; field: GraphQLField<unknown, unknown>; path: Path; place: string };

const schema = buildSchema();
const roots = [
  { keyword: 'query', type: schema.getQueryType() },
  { keyword: 'mutation', type: schema.getMutationType() },
  { keyword: 'subscription', type: schema.getSubscriptionType() },
];
const places: Place[] = roots.flatMap(({ keyword, type }) =>
  Object.values(type?.getFields() ?? {}).flatMap((field) =>
    field.args
      .flatMap((arg) => pathsTo(arg.type, [arg.name]))
      .map((path) => ({ keyword, field, path, place: `${field.name}(${path.join('.')})` })),
  ),
);

function request({ keyword, field, path: [argument, ...path] }: Place, text: string) {
  const needed = field.args.filter((arg) => arg.name === argument || String(arg.type).endsWith('!'));
  const declared = needed.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = needed.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const variables = Object.fromEntries(needed.map((arg) => [arg.name, valueWith(arg.type, arg.name === argument ? path : ['none'], text)]));
  const selection = keyword === 'mutation' ? '{ status { code } errors { field code } }' : '{ __typename }';
  return { query: `${keyword} (${declared}) { ${field.name}(${passed}) ${selection} }`, variables };
}

describe('every argument that takes a text', () => {
  it('is found', () => {
    const names = places.map(({ place }) => place);
    expect(names).toEqual(
      expect.arrayContaining(['login(input.username)', 'users(search)', 'users(after)', 'user(id)', 'revokeToken(input.id)']),
    );
  });

  describe.each(places)('$place', (place) => {
    it.each(Object.keys(texts))('answers 88 kB of %s clearly, without working on it or repeating it', async (kind) => {
      const text = texts[kind as Kind];
      const { query, variables } = request(place, text);
      for (const options of [{}, { token }]) {
        let reply = await app.graphql('{ __typename }');
        const worked = await textsWorkedOn(isLong, async () => {
          reply = await app.graphql(query, { variables, ...options });
        });
        expect(worked).toEqual([]);
        expect(reply.text.length).toBeLessThan(2000);
        const codes = reply.errors.map(({ extensions }) => extensions.code);
        expect(codes.filter((code) => !['BAD_USER_INPUT', 'UNAUTHENTICATED'].includes(code))).toEqual([]);
        expect(reply.status).toBeLessThan(500);
        const payload = reply.data?.[place.field.name];
        if (place.keyword === 'mutation' && codes.length === 0) expect(payload.status.code).toMatch(/^4\d\d /);
      }
    });
  });

  it('leaves no line in the log that says that something is wrong', () => expect(app.alarms()).toEqual([]));
});

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token } }';

describe('a name that is too long', () => {
  it('is counted as any name that nobody has, apart from others that begin as it does', async () => {
    await app.sql('delete from attempts');
    const login = (username: string) => app.graphql(LOGIN, { variables: { input: { username, password: 'wrong-Quartz-12' } } });
    for (const username of [COMBINING_MARKS, COMBINING_MARKS, `${COMBINING_MARKS}b`]) {
      expect((await login(username)).data.login.status.code).toBe('400 BAD REQUEST');
    }
    const counts = await app.sql('select points from attempts order by points');
    expect(counts.map(({ points }) => points)).toEqual([1, 1, 2, 2, 3]); // twice an account: from this address, and from all; the last is that of the address
  });
});

describe('a header that is too long', () => {
  it('is cut: the token has a name that fits, the request an id of its own', async () => {
    const headers = { 'User-Agent': `Mozilla/5.0 ${'Version/1 '.repeat(1000)}`, 'X-Request-Id': 'x'.repeat(2000) };
    const variables = { input: { username: 'superuser', password: GOOD_PASSWORD } };
    const reply = await app.graphql(LOGIN, { variables, headers });
    expect(reply.data.login.token).not.toBeNull();
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const [row] = await app.sql('select length(name) as length from tokens order by id desc limit 1');
    expect(row).toEqual({ length: 150 });
  });
});
