import { Piscina } from 'piscina';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';

let app: TestApp;
let run: MockInstance<Piscina['run']>;
beforeAll(async () => {
  app = await createTestApp();
  await Promise.all(['known', 'inactive', 'unusable', 'foreign', 'broken'].map((username) => app.register(username)));
  await app.sql("update users set is_active = false where username = 'inactive'");
  await app.sql("update users set password_hash = '!gNQQHhSDFurbNTc4aPsN73Oh7YUe2i2sgIGgBYeh' where username = 'unusable'");
  await app.sql("update users set password_hash = 'pbkdf2_sha256$1000$salt$aGFzaA==' where username = 'foreign'");
  await app.sql("update users set password_hash = 'bcrypt_sha256$$2b$04$broken' where username = 'broken'");
  await app.register('imported');
  await app.sql("update users set password_hash = 'md5$salt$5556741ee6b5e868c442def01ff6738e' where username = 'imported'");
});
afterAll(() => app.close());
beforeEach(() => {
  run = vi.spyOn(Piscina.prototype, 'run');
});
afterEach(() => vi.restoreAllMocks());

describe('every refusal of login costs exactly one hash of the configured cost', () => {
  it.each([
    { what: 'a wrong password', username: 'known', password: 'wrong-Quartz-12' },
    { what: 'an unknown user', username: 'nobody-here', password: GOOD_PASSWORD },
    { what: 'an inactive user', username: 'inactive', password: GOOD_PASSWORD },
    { what: 'an unusable password', username: 'unusable', password: GOOD_PASSWORD },
    { what: 'a broken hash of another format', username: 'foreign', password: GOOD_PASSWORD },
    { what: 'a broken hash', username: 'broken', password: GOOD_PASSWORD },
    { what: 'a name that cannot be stored', username: 'kn\0own', password: GOOD_PASSWORD },
  ])('$what', async ({ username, password }) => {
    await app.graphql(LOGIN, { variables: { input: { username, password } } });
    expect(run.mock.calls).toEqual([[{ secret: expect.any(String), encoded: expect.stringMatching(/^\$2b\$04\$[./A-Za-z0-9]{53}$/) }]]);
  });

  it('an imported hash costs one of its own format', async () => {
    await app.graphql(LOGIN, { variables: { input: { username: 'imported', password: 'wrong-Quartz-12' } } });
    expect(run.mock.calls).toEqual([[{ secret: 'wrong-Quartz-12', hash: expect.objectContaining({ kind: 'md5' }) }]]);
  });

  it('a password too long to be one costs none', async () => {
    await app.graphql(LOGIN, { variables: { input: { username: 'known', password: 'x'.repeat(5000) } } });
    expect(run).not.toHaveBeenCalled();
  });
});
