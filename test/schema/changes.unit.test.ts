import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changesBetween, undeclared } from '../../schema/changes.ts';

const directives = `
  directive @authenticated on FIELD_DEFINITION
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
`;
const released = 'type Query { hello(name: String): String @authenticated }';
const STAFF = '@requiresScopes(scopes: [["staff"]])';
const between = (from: string, to: string) => changesBetween(directives + from, directives + to);
const breaking = async (from: string, to: string) =>
  (await between(from, to)).filter(({ level }) => level === 'BREAKING').map(({ path }) => path);

describe('what breaks clients', () => {
  it.each([
    { what: 'a field that is gone', to: 'type Query { hi: String }', path: 'Query.hello' },
    { what: 'another type', to: 'type Query { hello(name: String): Int @authenticated }', path: 'Query.hello' },
    {
      what: 'an argument that became required',
      to: 'type Query { hello(name: String!): String @authenticated }',
      path: 'Query.hello.name',
    },
    {
      what: 'another type, whatever else is new about the field',
      to: 'type Query { "Greets." hello(name: String): Int @authenticated @deprecated(reason: "Ask me.") }',
      path: 'Query.hello',
    },
    { what: 'a scope where a token was enough', to: `type Query { hello(name: String): String ${STAFF} }`, path: 'Query.hello' },
  ])('is $what', async ({ to, path }) => {
    expect(await breaking(released, to)).toEqual([path]);
  });

  const guards = [
    { from: '', to: '@authenticated', breaks: true },
    { from: '', to: STAFF, breaks: true },
    { from: '@authenticated', to: '', breaks: false },
    { from: '@authenticated', to: STAFF, breaks: true },
    { from: STAFF, to: '@authenticated', breaks: false },
    { from: STAFF, to: '@requiresScopes(scopes: [["superuser"]])', breaks: true },
    { from: STAFF, to: '@requiresScopes(scopes: [["staff", "superuser"]])', breaks: true },
    { from: STAFF, to: '@requiresScopes(scopes: [["staff"], ["superuser"]])', breaks: false },
  ];
  it.each(guards)('a guard that was "$from" and is "$to": $breaks', async ({ from, to, breaks }) => {
    const guarded = (guard: string) => `type Query { hello: String } interface Node { id: ID ${guard} }`;
    expect(await breaking(guarded(from), guarded(to))).toEqual(breaks ? ['Node.id'] : []);
  });

  it('is not a new field, guarded or not', async () => {
    const changes = await between(released, `${released} extend type Query { notes: [Note] @authenticated } type Note { id: ID }`);
    expect(changes.map(({ level, path }) => `${level} ${path}`)).toEqual(['NON_BREAKING Note', 'NON_BREAKING Query.notes']);
  });
});

describe('a breaking change', () => {
  const changelog = (said: string) => `# Changelog\n\n## 2.0.0 – unreleased\n\n- New.\n\n${said}\n\n## 1.0.0 – 2026-12-01\n\n- First.\n`;
  const paths = async (text: string) => undeclared(await between(released, 'type Query { hi: String }'), text).map(({ path }) => path);

  it.each([
    { where: 'nowhere', said: '' },
    { where: 'outside of “Breaking”', said: '### Changed\n\n- `Query.hello` is gone.' },
    { where: 'of an older version', said: '\n## 1.9.0 – 2026-12-02\n\n### Breaking\n\n- `Query.hello` is gone.' },
    { where: 'of something else', said: '### Breaking\n\n- `Query.hello.name` is gone.' },
  ])('fails the check when it is said $where', async ({ said }) => {
    expect(await paths(changelog(said))).toEqual(['Query.hello']);
  });

  it('passes when the CHANGELOG says so of the unreleased version', async () => {
    expect(await paths(changelog('### Breaking\n\n- `Query.hello` is now `Query.hi`.'))).toEqual([]);
  });
});

it('schema.graphql breaks no promise that was released, unless the CHANGELOG says so', async () => {
  const [from = '', to = '', text = ''] = ['schema/released.graphql', 'schema.graphql', 'CHANGELOG.md'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  expect(undeclared(await changesBetween(from, to), text)).toEqual([]);
});
