import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { markedBlocks } from './support/documents/snippets.ts';
import { copyProject, follow } from './support/documents/walk.ts';

const folders = ['src', 'migrations', 'schema', 'test', 'docs'];
const files = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'schema.graphql', 'CHANGELOG.md', 'README.md', '.env.example'];

/** Asks the field that the README adds, with a token and without. */
const ASKED = `
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../test/support/app/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

it('the greeting answers the signed-in user only', async () => {
  const { token } = await app.register('ann');
  expect((await app.graphql('{ greeting }', { token })).data.greeting).toMatch(/^Hello, user \\d+!$/);
  expect((await app.graphql('{ greeting }')).status).toBe(401);
});
`;

it('the README adds a field that answers, and the schema shows its guard', { timeout: 120_000 }, async () => {
  const { folder, remove } = await copyProject([...folders, ...files]);
  onTestFinished(remove);
  const env = { TEST_DATABASE_URL: inject('postgresServer') ?? '', NO_COLOR: '1' };
  const blocks = markedBlocks('README.md');
  mkdirSync(join(folder, 'app/greeting'));
  for (const { name, code } of blocks.filter(({ language }) => language === 'ts')) writeFileSync(join(folder, name), code);
  for (const block of blocks) await follow(block, folder, env);
  expect(readFileSync(join(folder, 'schema.graphql'), 'utf8')).toContain('greeting: String @authenticated');
  writeFileSync(join(folder, 'app/greeting/greeting.test.ts'), ASKED);
  const code = 'npx vitest run --project postgres app/greeting\n';
  expect(await follow({ name: 'ask', language: 'sh', code }, folder, env)).toMatch(/Tests +1 passed/);
});

it('the README has at most 150 lines', () => {
  expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});
