import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

const production = { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' };

describe.each([
  { who: 'a stranger', profile: 'a test', env: {} },
  { who: 'staff', profile: 'production', env: production },
])('GraphQL over HTTP, as the reference implementation audits it, for $who in $profile', ({ profile, env }) => {
  let app: TestApp;
  let signedIn: Record<string, string> = {};
  beforeAll(async () => {
    app = await createTestApp({ env });
    if (profile !== 'production') return;
    const { id, token } = await app.register('auditor');
    await app.sql('update users set is_staff = true where id = ?', [id]);
    signedIn = { Authorization: `Token ${token}` };
  });
  afterAll(() => app.close());

  const audits = serverAudits({
    url: () => `${app.url}/graphql`,
    fetchFn: (url: string, init: RequestInit) => fetch(url, { ...init, headers: { ...init?.headers, ...signedIn } }),
  });

  it('has all audits, so that none goes missing with an update', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits)('$id: the server $name', async ({ fn }) => {
    const result = await fn();
    expect('reason' in result ? result.reason : result.status).toBe('ok');
  });
});
