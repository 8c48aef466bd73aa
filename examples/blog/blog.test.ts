import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestApp, type TestApp } from 'graphql-token-auth/testing';
import app from './app.ts';

const PUBLISH = `mutation ($title: String!) { publishPost(input: { title: $title, text: "At last." }) {
  status { code } errors { field code } post { id author { username displayName } }
} }`;
const COMMENT = `mutation ($postId: ID!, $text: String!) { addComment(input: { postId: $postId, text: $text }) {
  status { code message } errors { field code } comment { id }
} }`;
const POSTS = '{ posts(first: 1) { edges { node { title author { displayName } comments { edges { node { text } } } } } } }';

let blog: TestApp;
let other: TestApp; // another node, where the database lets it; the embedded one serves a single process
before(async () => {
  const databaseUrl = process.env.TEST_DATABASE_URL;
  blog = await createTestApp({ app, databaseUrl });
  other = databaseUrl ? await createTestApp({ app, databaseUrl }) : blog;
});
after(() => Promise.all([...new Set([blog, other])].map((node) => node.close())));

async function editor(username: string) {
  const person = await blog.register(username, { displayName: `${username}, editor` });
  await blog.sql("update users set scopes = '{editor}' where id = ?", [person.id]);
  return person;
}

const publish = async (token: string, title: string) => (await blog.graphql(PUBLISH, { token, variables: { title } })).data.publishPost;

test('an editor publishes a post, and strangers see the name that its author chose', async () => {
  const { token } = await editor('ada');
  const { post } = await publish(token, 'Hello');
  assert.deepEqual(post.author, { username: 'ada', displayName: 'ada, editor' });
  const { data } = await blog.graphql(POSTS);
  assert.deepEqual(data.posts.edges[0].node, { title: 'Hello', author: { displayName: 'ada, editor' }, comments: { edges: [] } });
});

test('a reader cannot publish', async () => {
  const { token } = await blog.register('bob');
  const { status, errors } = await blog.graphql(PUBLISH, { token, variables: { title: 'Me too' } });
  assert.deepEqual([status, errors[0]?.extensions.code], [403, 'FORBIDDEN']);
});

test('a blank title is refused beside its field', async () => {
  const { token } = await editor('cleo');
  assert.deepEqual((await publish(token, ' ')).errors, [{ field: 'title', code: 'BLANK' }]);
});

test('a reader comments on a post, and not on one that does not exist', async () => {
  const { post } = await publish((await editor('dora')).token, 'News');
  const { token } = await blog.register('eve');
  const comment = async (postId: string) =>
    (await blog.graphql(COMMENT, { token, variables: { postId, text: 'Well said.' } })).data.addComment.status.code;
  assert.equal(await comment(post.id), '200 OK');
  assert.equal(await comment('999999'), '404 NOT FOUND');
  assert.equal(await comment('x'), '404 NOT FOUND');
  const { data } = await blog.graphql(POSTS);
  assert.deepEqual(data.posts.edges[0].node.comments.edges, [{ node: { text: 'Well said.' } }]);
});

test('a reader hears of a post that is published on another node', async () => {
  const { token } = await blog.register('fay');
  const feed = await blog.subscribe('subscription { postPublished { title author { displayName } } }', { token });
  const author = await editor('gus');
  await other.graphql(PUBLISH, { token: author.token, variables: { title: 'Fresh' } });
  const { value } = await feed.next();
  assert.deepEqual(value?.postPublished, { title: 'Fresh', author: { displayName: 'gus, editor' } });
  await feed.return();
});

test('who chooses no name is called as they log in', async () => {
  const { token } = await blog.register('hal');
  assert.equal((await blog.graphql('{ me { displayName } }', { token })).data.me.displayName, 'hal');
});
