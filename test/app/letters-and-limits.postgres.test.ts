import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineApp } from 'graphql-token-auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { until } from '../support/until.ts';

const own = defineApp({
  limits: { aliases: 2, depth: 13, cost: 500, page: 10 },
  letters: {
    EMAIL_VERIFICATION: ({ name, link, product }) => ({
      subject: `Willkommen bei ${product}`,
      paragraphs: [`Bitte bestätige die Adresse von <${name}>.`],
      links: [{ label: 'Bestätigen', url: link }],
      language: 'de',
    }),
    PASSWORD_RESET_OF_SEVERAL: ({ accounts }) => ({
      subject: 'Mehrere Konten',
      paragraphs: [accounts.map(({ name }) => name).join(' und ')],
      links: accounts.map(({ name, link }) => ({ label: name, url: link })),
    }),
  },
});

let app: TestApp;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp({ app: own, on: database, env: { PRODUCT_NAME: 'Blüte' } });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const REGISTER = `mutation ($username: String!, $email: String!) {
  register(input: { username: $username, email: $email, password: "correct-horse-battery" }) { token } }`;
const register = (username: string, email: string) => app.graphql(REGISTER, { variables: { username, email } });

/** The mails that became files, the oldest first. */
async function mails(): Promise<string[]> {
  const outbox = join(database.env.DATA_DIR, 'outbox');
  const names = await readdir(outbox).catch(() => []);
  return Promise.all(names.sort().map((name) => readFile(join(outbox, name), 'utf8')));
}
const decoded = (mail: string): string =>
  mail.replace(/=\n|=\r\n/g, '').replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
const arrived = async (part: string): Promise<string> => {
  await until(async () => (await mails()).some((mail) => decoded(mail).includes(part)));
  return decoded((await mails()).find((mail) => decoded(mail).includes(part)) ?? '');
};

describe('a letter of an app', () => {
  it('takes the place of the server’s own, with the product’s name, in its language, and escaped', async () => {
    await register('ann', 'ann@example.com');
    const mail = await arrived('Bitte bestätige');
    expect(mail).toContain('Bitte bestätige die Adresse von <ann>.');
    expect(mail).toContain('&lt;ann&gt;');
    expect(mail).toContain('<html lang="de">');
    expect(mail).toMatch(/token=[\w-]{20,}/);
    expect(Buffer.from(/^Subject: =\?UTF-8\?Q\?(.*)\?=/m.exec(mail)?.[1]?.replaceAll('_', ' ') ?? mail).toString()).toContain('Bl');
  });

  it('lists all accounts of a mailbox that has several', async () => {
    await register('bob', 'shared@example.com');
    await register('bea', 'shared@example.com');
    await app.graphql('mutation { requestPasswordReset(input: { email: "shared@example.com" }) { status { ok } } }');
    expect(await arrived('bob und bea')).toContain('Mehrere Konten');
  });
});

describe('a limit of an app', () => {
  it.each([
    { what: 'aliases', query: '{ a: __typename b: __typename c: __typename }', message: 'An operation may have at most 2 aliases.' },
    {
      what: 'the cost',
      query:
        '{ tokens { id } securityEvents(first: 10) { edges { node { id kind } } } a: users(first: 200) { edges { node { id username email } } } }',
      message: 'An operation may cost at most 500',
    },
  ])('bounds $what', async ({ query, message }) => {
    const reply = await app.graphql(query);
    expect([reply.status, reply.errors[0]?.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('bounds a page', async () => {
    const { data } = await register('cid', '');
    const { token } = data.register;
    const page = (first: number) => app.graphql(`{ securityEvents(first: ${first}) { edges { cursor } } }`, { token });
    expect((await page(10)).errors).toEqual([]);
    expect((await page(11)).errors[0]?.message).toBe('Argument "first" must be from 1 to 10.');
  });
});
