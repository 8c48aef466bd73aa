import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/django/import-report.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createDjangoDatabase, type DjangoDatabase, importInto } from '../support/database/django.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } user { id username } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { errors { field code } } }';

/** What Django 3.2 writes for this password, without a work factor. */
const PASSWORD = 'lètmein-1';
const hashes = [
  { format: 'sha1', encoded: 'sha1$seasalt$d993e8722da57ac24c4a020210b44958f5747810' },
  { format: 'sha1', encoded: 'sha1$$f6d258fc5e55be0181aceaa078d23f85878e9bc2' },
  { format: 'md5', encoded: 'md5$seasalt$aae4802ca7707e45b1d020b4bd25ceb3' },
  { format: 'md5', encoded: 'md5$$05e2c6b2432789bb6141c64d8ab7dd50' },
  { format: 'unsalted_md5', encoded: '05e2c6b2432789bb6141c64d8ab7dd50' },
].map((hash, n) => ({ ...hash, id: 100 + n, username: `hash-${n}` }));

const SHA1 = 'sha1$$f6d258fc5e55be0181aceaa078d23f85878e9bc2';
const names = [
  { what: 'full-width letters', username: 'ａｎｎ' },
  { what: 'half-width katakana', username: 'ｱﾝ' },
  { what: 'conjoining jamo', username: '한글'.normalize('NFD') },
  { what: 'a superscript', username: 'x²' },
  { what: 'decomposed accents', username: 'jose\u0301' },
  { what: 'a ligature', username: 'ﬁona' },
  { what: 'blanks around it', username: ' bob ' },
  { what: 'a blank inside', username: 'Ann Lee' },
  { what: 'a filler that looks like nothing', username: 'ann\u3164' },
  { what: 'nothing but what looks like nothing', username: '\u2800' },
].map((name, n) => ({ ...name, id: 200 + n }));

let app: TestApp;
let django: DjangoDatabase;
let report: ImportReport;
beforeAll(async () => {
  [app, django] = await Promise.all([createTestApp(), createDjangoDatabase({ empty: true })]);
  const insert = `insert into auth_user (id, password, username, email, is_superuser, first_name, last_name, is_staff, is_active, date_joined)
    values ($1, $2, $3, '', false, '', '', false, true, now())`;
  for (const { id, encoded, username } of hashes) await django.sql(insert, [id, encoded, username]);
  for (const { id, username } of names) await django.sql(insert, [id, SHA1, username]);
  report = await importInto(app, django);
});
afterAll(async () => {
  await app.close();
  await django.drop();
});

const login = async (username: string, password = PASSWORD) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;

describe('an import of old hashes and odd names', () => {
  it('finds nothing to complain of, and counts the formats by the names that Django has for them', () => {
    expect(report.problems).toEqual([]);
    expect(report.formats).toEqual({ sha1: 2 + names.length, md5: 2, unsalted_md5: 1 });
  });
});

describe.each(hashes)('a password stored as $encoded', ({ id, username }) => {
  it('is verified, and renewed at the first login', async () => {
    expect((await login(username, 'lètmein-2')).status.code).toBe('400 BAD REQUEST');
    expect((await login(username)).user).toEqual({ id: String(id), username });
    const [row] = await app.sql('select password_hash from users where id = ?', [id]);
    expect(row?.password_hash).toMatch(/^bcrypt_sha256\$\$2b\$04\$/);
    expect((await login(username)).user).toEqual({ id: String(id), username });
    expect((await login(username, 'lètmein-2')).status.code).toBe('400 BAD REQUEST');
  });
});

describe.each(names)('a name with $what', ({ id, username }) => {
  it('logs in as it is spelled', async () => {
    expect((await login(username)).user).toEqual({ id: String(id), username });
  });
});

it.each(['ann', 'ANN', 'x2', 'Bob', 'FIONA', 'JOSÉ'])('nobody registers as %s, an imitation of an imported name', async (username) => {
  const { data } = await app.graphql(REGISTER, { variables: { input: { username, password: 'tr0mbone-Quartz-11' } } });
  expect(data.register.errors).toEqual([{ field: 'username', code: 'UNIQUE' }]);
});
