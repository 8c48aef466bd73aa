import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from './support/database.ts';
import { createTestApp } from './support/test-app.ts';

const database = await createTestDatabase();
afterAll(() => database.drop());

/** The address that a registration was noted with. */
async function addressNoted(env: Record<string, string>, headers: Record<string, string>): Promise<unknown> {
  const app = await createTestApp({ env, on: database });
  const username = `u${Math.random().toString(36).slice(2)}`;
  const variables = { input: { username, password: 'tr0mbone-Quartz-11' } };
  await app.graphql('mutation ($input: RegisterInput!) { register(input: $input) { token } }', { variables, headers });
  const [row] = await app.sql('select ip_address from tokens t join users u on u.id = t.user_id where username = ?', [username]);
  await app.close();
  return row?.ip_address;
}

describe('the address of a client', () => {
  const forwarded = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.7', Forwarded: 'for=198.51.100.9' };
  it.each([
    { what: 'is the peer without TRUST_PROXY, whatever the headers say', env: {}, headers: forwarded, address: '127.0.0.1' },
    { what: 'is what one trusted proxy says', env: { TRUST_PROXY: '1' }, headers: forwarded, address: '203.0.113.7' },
    { what: 'is behind two trusted proxies', env: { TRUST_PROXY: '2' }, headers: forwarded, address: '198.51.100.1' },
    {
      what: 'is the first that is not on the list',
      env: { TRUST_PROXY: '127.0.0.1, 203.0.113.0/24' },
      headers: forwarded,
      address: '198.51.100.1',
    },
    { what: 'is the peer when that is not on the list', env: { TRUST_PROXY: '10.0.0.0/8' }, headers: forwarded, address: '127.0.0.1' },
    {
      what: 'is the peer when the proxy hands on nonsense',
      env: { TRUST_PROXY: '1' },
      headers: { 'X-Forwarded-For': 'x'.repeat(3000) },
      address: '127.0.0.1',
    },
    {
      what: 'is IPv4 when it is mapped into IPv6',
      env: { TRUST_PROXY: '1' },
      headers: { 'X-Forwarded-For': '::ffff:203.0.113.9' },
      address: '203.0.113.9',
    },
    { what: 'is never taken from Forwarded', env: { TRUST_PROXY: '1' }, headers: { Forwarded: 'for=198.51.100.9' }, address: '127.0.0.1' },
  ])('$what', async ({ env, headers, address }) => {
    expect(await addressNoted(env, headers)).toBe(address);
  });
});
