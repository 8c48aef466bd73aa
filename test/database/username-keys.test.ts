import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** Accounts with the keys that the version before gave them. */
const before = [
  ['ann', 'ANN'],
  ['strasse', 'STRASSE'],
  ['straẞe', 'STRAẞE'],
  ['ışık', 'IŞIK'],
  ['işik', null],
  ['ısık', 'ISIK'],
  ['isik', null],
  ['émile', 'ÉMILE'],
  ['𝔥ans', '𝔥ANS'],
  [' bob ', ' BOB '],
];

it('the keys of names are brought up to date: ẞ is ss, ı is not i, the first of several namesakes has the key', async () => {
  for (const [username, key] of before) {
    await app.sql("insert into users (username, canonical_username, password_hash) values (?, ?, '!')", [username, key]);
  }
  await app.sql("delete from migrations where name like '%username_keys'");
  expect(await migrate(app.database.orm)).toEqual([expect.stringContaining('username_keys')]);
  const rows = await app.sql('select username, canonical_username as key from users order by id');
  expect(rows.map(({ username, key }) => [username, key])).toEqual([
    ['ann', 'ANN'],
    ['strasse', 'STRASSE'],
    ['straẞe', null],
    ['ışık', 'ıŞıK'],
    ['işik', 'IŞIK'],
    ['ısık', 'ıSıK'],
    ['isik', 'ISIK'],
    ['émile', 'ÉMILE'],
    ['𝔥ans', 'HANS'],
    [' bob ', 'BOB'],
  ]);
});
