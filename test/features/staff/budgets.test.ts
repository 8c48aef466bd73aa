import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { THROTTLED, tally, times } from '../../support/client/logins.ts';

const MESSAGE = /^Request was throttled\. Expected available in \d+ seconds\.$/;

let app: TestApp;
let staff: { token: string }[];
let ann: { id: string };
beforeAll(async () => {
  app = await createTestApp({
    env: { THROTTLE: 'on', THROTTLE_STAFF: '5/10m', THROTTLE_STAFF_READ: '6/10m', THROTTLE_RESET: '99/1h', SMTP_URL: 'smtp://127.0.0.1:1' },
  });
  ann = await app.register('ann', { email: 'ann@example.com' });
  staff = [await app.register('one'), await app.register('two')];
  await app.sql("update users set is_superuser = true where username in ('one', 'two')");
});
afterAll(() => app.close());
beforeEach(() => app.sql('delete from attempts'));

const [ONE, TWO] = [0, 1];
const as = (who: number, query: string) => app.graphql(query, { token: staff[who]?.token ?? '' });

const acts = [
  { name: 'setUserActive', rest: ', isActive: true' },
  { name: 'setUserStaff', rest: ', isStaff: false' },
  { name: 'setUserSuperuser', rest: ', isSuperuser: false' },
  { name: 'revokeUserTokens', rest: '' },
  { name: 'sendPasswordReset', rest: '' },
];
const act = async (who: number, { name, rest }: (typeof acts)[number], id = ann.id) =>
  (await as(who, `mutation { ${name}(input: { id: "${id}"${rest} }) { status { code message retryAfter } } }`)).data[name];

describe('acts of staff', () => {
  it('share one budget for each member of staff, all kinds together', async () => {
    for (const each of acts) expect((await act(ONE, each)).status.code).toBe('200 OK');
    for (const each of acts) {
      expect((await act(ONE, each)).status).toEqual({
        code: THROTTLED,
        message: expect.stringMatching(MESSAGE),
        retryAfter: expect.any(Number),
      });
    }
    for (const each of acts) expect((await act(TWO, each)).status.code).toBe('200 OK');
  });

  it('that are refused change nothing: 40 at once close 5 accounts', async () => {
    await app.sql("insert into users (username, password_hash) select 'victim-' || n, '!' from generate_series(1, 40) n");
    const ids = (await app.sql("select id from users where username like 'victim-%'")).map(({ id }) => String(id));
    const close = { name: 'setUserActive', rest: ', isActive: false' };
    const payloads = await times(ids.length, (n) => act(ONE, close, ids[n]));
    expect(tally(payloads)).toEqual({ '200 OK': 5, [THROTTLED]: 35 });
    expect(await app.sql('select 1 from users where not is_active')).toHaveLength(5);
    await app.sql('update users set is_active = true');
  });

  it('count even if they fail, so that nobody can try out ids', async () => {
    const payloads = [];
    for (let n = 0; n < 7; n++) payloads.push(await act(ONE, { name: 'revokeUserTokens', rest: '' }, '999999'));
    expect(tally(payloads)).toEqual({ '404 NOT FOUND': 5, [THROTTLED]: 2 });
  });
});

describe('what staff look up', () => {
  const questions = [
    'users { edges { node { id } } }',
    'users(search: "a") { edges { cursor } }',
    'user(id: 1) { id }',
    'userSecurityEvents(userId: 1) { edges { cursor } }',
  ];

  it('shares one budget for each member of staff; beyond it comes a 429 with the time to wait', async () => {
    for (const question of [...questions, ...questions].slice(0, 6)) expect((await as(ONE, `{ ${question} }`)).errors).toEqual([]);
    for (const question of questions) {
      const { status, headers, errors, data } = await as(ONE, `{ ${question} }`);
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(500);
      expect(errors).toMatchObject([
        { message: expect.stringMatching(MESSAGE), extensions: { code: 'THROTTLED', retryAfter: expect.any(Number) } },
      ]);
      expect(Object.values(data)).toEqual([null]);
    }
    expect((await as(TWO, `{ ${questions[0]} }`)).errors).toEqual([]);
    expect((await act(ONE, { name: 'revokeUserTokens', rest: '' })).status.code).toBe('200 OK');
  });

  it('counts each field of an operation', async () => {
    const { errors } = await as(ONE, `{ ${Array.from({ length: 8 }, (_, n) => `u${n}: user(id: ${n}) { id }`).join(' ')} }`);
    expect(errors).toHaveLength(2);
  });

  it('is not counted if it is their own', async () => {
    for (let n = 0; n < 8; n++)
      expect((await as(ONE, '{ me { id } tokens { id } securityEvents { edges { cursor } } }')).errors).toEqual([]);
  });
});
