import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { createTestApp } from '../support/app/test-app.ts';
import { createDjangoDatabase, exportFrom, importInto } from '../support/database/django.ts';

it('the embedded database takes a site over, twice, and gives it back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-test-'));
  const on = { env: { DATA_DIR: folder }, isEmbedded: true, drop: () => rm(folder, { recursive: true, force: true }) };
  const [app, django, fresh] = await Promise.all([createTestApp({ on }), createDjangoDatabase(), createDjangoDatabase({ empty: true })]);
  await migrate(app.database.orm);
  expect(await importInto(app, django, { size: 5 })).toMatchObject({
    users: { new: 17 },
    tokens: { new: 14 },
    knoxTokens: { new: 3 },
    problems: [],
  });
  await django.sql("update auth_user set email = 'new@example.com' where id = 1");
  expect(await importInto(app, django, { size: 5 })).toMatchObject({
    users: { unchanged: 16, changed: 1 },
    tokens: { unchanged: 14 },
    problems: [],
  });
  expect((await app.graphql('{ me { username email } }', { token: '15effc6fd91c85946e9ac9275ae8c85532be8c50' })).data).toEqual({
    me: { username: 'johndoe', email: 'new@example.com' },
  });
  expect(await exportFrom(app, fresh)).toMatchObject({ users: { new: 17 }, knoxTokensGiven: 3 });
  const USERS = 'select u::text from auth_user u order by id';
  expect(await fresh.sql(USERS)).toEqual(await django.sql(USERS));
  await app.close();
  await on.drop();
  await Promise.all([django.drop(), fresh.drop()]);
});
