import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/manage/commands/checks/finding.ts';
import { runManage } from '../support/app/manage.ts';
import { openMailbox, openSilence } from '../support/network/mailbox.ts';

let folder: string;
let DATA_DIR: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-check-'));
  DATA_DIR = join(folder, 'data');
  await writeFile(join(folder, 'file'), '');
});
afterAll(() => rm(folder, { recursive: true }));

async function check(env: Record<string, string>): Promise<{ code: number | null; findings: Finding[]; text: string }> {
  const { code, stdout } = await runManage(['check', '--json'], { env: { BCRYPT_COST: '', DATA_DIR, ...env } });
  const { findings, ok } = JSON.parse(stdout);
  expect(ok).toBe(code === 0);
  return { code, findings, text: stdout };
}

const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://root:s3cret@127.0.0.1:1/db', TRUST_PROXY: '1' };
const mailing = {
  EMAIL_FROM: 'x@example.com',
  PASSWORD_RESET_URL: 'https://app.example/?t={token}',
  EMAIL_VERIFICATION_URL: 'https://app.example/?t={token}',
};

describe('check of the configuration', () => {
  it('names every mistake at once, never a secret, and looks no further', async () => {
    const { code, findings, text } = await check({ PORT: 'x', SMTP_URL: 'nonsense:s3cret', TOKEN_TTL: '1y' });
    expect(code).toBe(1);
    const mistakes = findings.filter(({ status }) => status === 'error').map(({ message }) => message.split(' ', 1)[0]);
    expect(mistakes).toEqual(['PORT', 'TOKEN_TTL', 'SMTP_URL']);
    expect(findings.filter(({ status }) => status === 'skipped').map(({ area }) => area)).toEqual(['database', 'mail']);
    expect(text).not.toContain('s3cret');
  });

  it.each<[Record<string, string>, string]>([
    [{ DATABASE_URI: 'x' }, 'DATABASE_URI is not a setting of this server. Did you mean DATABASE_URL?'],
    [{ THROTTLE: 'off' }, 'THROTTLE=off lets passwords be guessed'],
    [{ BCRYPT_COST: '4' }, 'BCRYPT_COST=4 makes stolen hashes cheap'],
    [{ PASSWORD_MIN_LENGTH: '6' }, 'PASSWORD_MIN_LENGTH=6 allows'],
    [{ TOKEN_TTL: '0' }, 'Tokens never end'],
    [{ HOST: '0.0.0.0' }, 'with the settings of development'],
    [{ ...production, DATABASE_URL: '' }, 'The embedded database serves one process'],
    [{ ...production, TRUST_PROXY: '' }, 'TRUST_PROXY is not set'],
    [{ ...production, CORS_ORIGINS: 'https://a.example,http://b.example' }, 'CORS_ORIGINS has http://b.example without TLS'],
    [{ ...production, GRAPHIQL: 'true' }, 'shows the schema to every client'],
    [production, 'Off: operations that need a mail'],
  ])('warns of %j, and of nothing else', async (env, warning) => {
    const { findings } = await check(env);
    const warnings = findings.filter(
      ({ status, message }) => status === 'warning' && (warning.startsWith('Off') || !message.startsWith('Off')),
    );
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(warning)]);
    expect(warnings[0]?.advice).toMatch(/\.$/);
  });
});

describe('check of the database', () => {
  it('does not make an embedded one to look at', async () => {
    expect(await check({})).toMatchObject({ code: 0, findings: { 1: { area: 'database', status: 'ok' } } });
    expect(await runManage(['migrate', '--check'], { env: { DATA_DIR } })).toMatchObject({ code: 1 });
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('sees that it cannot be made', async () => {
    const { code, findings } = await check({ DATA_DIR: join(folder, 'file', 'data') });
    expect(code).toBe(1);
    expect(findings[1]).toMatchObject({ area: 'database', status: 'error', message: expect.stringContaining('cannot be made') });
  });

  it('says why PostgreSQL cannot be used, and keeps its password to itself', async () => {
    const { code, findings, text } = await check(production);
    expect(code).toBe(1);
    expect(findings).toContainEqual({
      area: 'database',
      status: 'error',
      message: expect.stringContaining('connect ECONNREFUSED 127.0.0.1:1'),
    });
    expect(text).not.toContain('s3cret');
  });
});

describe('check of the mail', () => {
  const withUser = (url: string, password: string) => url.replace('//', `//ann:${password}@`);
  const ofMail = ({ findings }: { findings: Finding[] }) => findings.filter(({ area }) => area === 'mail');

  it('connects, and tells where links lead', async () => {
    const mailbox = await openMailbox();
    const checked = await check({ ...production, ...mailing, SMTP_URL: mailbox.url, PASSWORD_RESET_URL: 'http://app.example/{token}' });
    await mailbox.close();
    expect(ofMail(checked)).toEqual([
      { area: 'mail', status: 'ok', message: expect.stringMatching(/^127\.0\.0\.1:\d+ answers\.$/) },
      {
        area: 'mail',
        status: 'warning',
        message: expect.stringContaining('PASSWORD_RESET_URL lead to app.example without TLS'),
        advice: expect.anything(),
      },
      { area: 'mail', status: 'ok', message: 'Links of EMAIL_VERIFICATION_URL lead to app.example.' },
    ]);
    expect(mailbox.tries()).toBe(0);
  });

  it('logs in, and tells when that is refused or may be overheard, never the password', async () => {
    const mailbox = await openMailbox({ password: 'right-s3cret' });
    const right = await check({ SMTP_URL: withUser(mailbox.url, 'right-s3cret') });
    const wrong = await check({ SMTP_URL: withUser(mailbox.url, 'wrong-s3cret') });
    await mailbox.close();
    expect(right.code).toBe(0);
    expect(ofMail(right)[0]?.message).toMatch(/answers and accepts the login\.$/);
    expect(ofMail(right)[1]).toMatchObject({ status: 'warning', advice: 'Use smtps://, or add ?requireTLS=true.' });
    expect(wrong.code).toBe(1);
    expect(ofMail(wrong)[0]).toMatchObject({ status: 'error', message: expect.stringContaining('refuses the login') });
    expect(right.text + wrong.text).not.toContain('s3cret');
  });

  it('waits no longer than SMTP_TIMEOUT for a server that is silent or away', async () => {
    const silence = await openSilence();
    const start = performance.now();
    const checks = await Promise.all([silence.url, 'smtp://127.0.0.1:1'].map((SMTP_URL) => check({ SMTP_URL, SMTP_TIMEOUT: '1s' })));
    await silence.close();
    expect(performance.now() - start).toBeLessThan(4000);
    for (const checked of checks) {
      expect(checked.code).toBe(1);
      expect(ofMail(checked)[0]).toMatchObject({ status: 'error', advice: expect.stringContaining('SMTP_URL') });
    }
  });
});
