import { afterAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app/test-app.ts';
import { rawRequest } from '../support/client/raw-request.ts';
import { createTestDatabase } from '../support/database/database.ts';

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
    ...[
      ['203.0.113.7:1234', '203.0.113.7'],
      ['"203.0.113.7"', '203.0.113.7'],
      ['"203.0.113.7:80"', '203.0.113.7'],
      ['2001:DB8::7', '2001:db8::7'],
      ['[2001:db8::7]', '2001:db8::7'],
      ['[2001:db8::7]:443', '2001:db8::7'],
      ['"[2001:db8::7]:443"', '2001:db8::7'],
      ['fe80::7%eth0', 'fe80::7'],
      ['[fe80::7%eth0]:443', 'fe80::7'],
      [`fe80::7%${'x'.repeat(3000)}`, 'fe80::7'],
      ['[::ffff:203.0.113.7]:1234', '203.0.113.7'],
      ['unknown', '127.0.0.1'],
      ['_hidden', '127.0.0.1'],
      ['203.0.113.7:99999999', '127.0.0.1'],
      ['0x7f.1', '127.0.0.1'],
      ['[', '127.0.0.1'],
      ['', '127.0.0.1'],
    ].map(([entry = '', address]) => ({
      what: `is what a proxy writes as ${entry.slice(0, 40)}`,
      env: { TRUST_PROXY: '1' },
      headers: { 'X-Forwarded-For': entry },
      address,
    })),
    {
      what: 'is found past trusted proxies that write ports',
      env: { TRUST_PROXY: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32' },
      headers: { 'X-Forwarded-For': '198.51.100.1:5000, "[2001:db8::1]:80", 10.0.0.2:443' },
      address: '198.51.100.1',
    },
    {
      what: 'is the last proxy that can be read',
      env: { TRUST_PROXY: '3' },
      headers: { 'X-Forwarded-For': '198.51.100.1, nonsense, 10.0.0.2' },
      address: '10.0.0.2',
    },
    { what: 'is never taken from Forwarded', env: { TRUST_PROXY: '1' }, headers: { Forwarded: 'for=198.51.100.9' }, address: '127.0.0.1' },
  ])('$what', async ({ env, headers, address }) => {
    expect(await addressNoted(env, headers)).toBe(address);
  });
});

describe('what a client writes about itself fits its column', () => {
  it.each([
    { what: 'a long program of no known kind', userAgent: `${'x'.repeat(290)}/1.0 ` },
    { what: 'a long word', userAgent: 'x'.repeat(8000) },
    { what: 'a browser with a long system', userAgent: `Mozilla/5.0 (${'X11; Linux x86_64; '.repeat(100)}) Firefox/130.0` },
    { what: 'characters of several bytes', userAgent: 'é'.repeat(4000) },
  ])('$what', async ({ userAgent }) => {
    const app = await createTestApp({ on: database, env: { TRUST_PROXY: '1' } });
    const username = `u${Math.random().toString(36).slice(2)}`;
    const query = `mutation { register(input: { username: "${username}", password: "tr0mbone-Quartz-11" }) { token } }`;
    const headers = ['User-Agent', userAgent, 'X-Request-Id', 'y'.repeat(3000), 'X-Forwarded-For', '203.0.113.7'];
    const { json } = await rawRequest(app.url, { query, headers });
    expect(json).toEqual({ data: { register: { token: expect.any(String) } } });
    const [row] = await app.sql(
      'select length(t.name) n, length(user_agent) ua from tokens t join users u on u.id = user_id where username = ?',
      [username],
    );
    expect(Number(row?.n)).toBeLessThanOrEqual(150);
    expect(Number(row?.ua)).toBeLessThanOrEqual(300);
    await app.close();
  });
});
