import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createTestApp } from '../../support/app/test-app.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';

describe('a flood of logins', () => {
  it('is turned away beyond HASH_QUEUE with a typed 503 and the time to wait; nothing else suffers', async () => {
    const app = await createTestApp({ env: { HASH_QUEUE: '3', BCRYPT_COST: '10' } });
    const { token } = await app.register('ann');
    const flood = Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        app.graphql(LOGIN, { variables: { input: { username: `u${n}`, password: 'wrong-Quartz-12' } } }),
      ),
    );
    expect((await app.graphql('{ hello }', { token })).status).toBe(200);
    const replies = await flood;
    const refused = replies.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(replies.length - refused.length).toBeGreaterThanOrEqual(3 + availableParallelism());
    for (const { errors, headers } of refused) {
      expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } }]);
      expect(headers.get('retry-after')).toBe('5');
    }
    await app.close();
  });
});
