import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../test/support/app/test-app.ts';

const NOTES = `query ($first: Int, $after: String) { notes(first: $first, after: $after) {
  edges { node { id text createdAt } } pageInfo { hasNextPage endCursor }
} }`;
const CREATE = `mutation ($text: String!) { createNote(input: { text: $text }) {
  status { ok reason message } errors { field code message } note { id text }
} }`;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const create = async (token: string, text: string) => (await app.graphql(CREATE, { token, variables: { text } })).data.createNote;
const notes = async (token: string, page: { first?: number; after?: string } = {}) =>
  (await app.graphql(NOTES, { token, variables: page })).data.notes;
const textsOf = ({ edges }: { edges: { node: { text: string } }[] }) => edges.map(({ node }) => node.text);

describe('notes', () => {
  it('are read by their author only, the latest first', async () => {
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => app.register(name)));
    const outcome = await create(ann?.token ?? '', 'Milk');
    expect(outcome).toMatchObject({ status: { ok: true, message: 'Note created' }, errors: [], note: { text: 'Milk' } });
    await create(ann?.token ?? '', 'Eggs 🥚');
    await create(bob?.token ?? '', 'Bread');
    expect(textsOf(await notes(ann?.token ?? ''))).toEqual(['Eggs 🥚', 'Milk']);
    expect(textsOf(await notes(bob?.token ?? ''))).toEqual(['Bread']);
  });

  it.each([
    { what: 'read', query: NOTES, name: 'notes' },
    { what: 'written', query: CREATE, name: 'createNote' },
  ])('are not $what without a token', async ({ query, name }) => {
    const reply = await app.graphql(query, { variables: { text: 'Milk' } });
    expect([reply.status, reply.data]).toEqual([401, { [name]: null }]);
    expect(reply.errors).toMatchObject([{ path: [name], extensions: { code: 'UNAUTHENTICATED', reason: 'MISSING' } }]);
  });

  it.each([
    { what: 'a blank text', text: ' \n', code: 'BLANK' },
    { what: 'a text that is too long', text: 'x'.repeat(1001), code: 'MAX_LENGTH' },
    { what: 'a NUL', text: 'a\0b', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
  ])('refuse $what and say so beside the field', async ({ text, code }) => {
    const { token } = await app.register(`writes-${code}`);
    const refusal = {
      status: { ok: false, reason: 'INVALID_INPUT', message: 'Invalid input' },
      errors: [{ field: 'text', code }],
      note: null,
    };
    expect(await create(token, text)).toMatchObject(refusal);
    expect((await notes(token)).edges).toEqual([]);
  });

  it('come in pages', async () => {
    const { token } = await app.register('prolific');
    for (const text of ['1', '2', '3']) await create(token, text);
    const first = await notes(token, { first: 2 });
    const second = await notes(token, { first: 2, after: first.pageInfo.endCursor });
    expect([first, second].map(textsOf)).toEqual([['3', '2'], ['1']]);
    expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
  });

  it('are limited like every list: in a page, and in what one operation may cost', async () => {
    const { token } = await app.register('greedy');
    const large = await app.graphql(NOTES, { token, variables: { first: 101 } });
    expect(large.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const pages = Array.from({ length: 15 }, (_, n) => `a${n}: notes(first: 100) { edges { node { id text createdAt } } }`);
    const costly = await app.graphql(`{ ${pages.join(' ')} }`, { token });
    expect([costly.status, costly.errors[0]?.message]).toEqual([400, expect.stringContaining('may cost at most')]);
  });

  it('go with their author', async () => {
    const { id, token, password } = await app.register('leaving');
    await create(token, 'Goodbye');
    await app.graphql('mutation ($password: String!) { deleteAccount(input: { password: $password }) { status { ok } } }', {
      token,
      variables: { password },
    });
    expect(await app.sql('select * from notes where user_id = ?', [id])).toEqual([]);
  });
});
