import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

const complete = {
  SMTP_URL: 'smtps://user:pass@smtp.example.com:465',
  EMAIL_FROM: 'Example <no-reply@example.com>',
  PASSWORD_RESET_URL: 'https://app.example.com/reset#{token}',
  EMAIL_VERIFICATION_URL: 'https://app.example.com/verify/{token}',
};

describe('the mail settings', () => {
  it('come from five variables', () => {
    expect(loadConfig({ ...complete, SMTP_TIMEOUT: '5s', DATA_DIR: '/data' }).mail).toEqual({
      smtpUrl: complete.SMTP_URL,
      smtpTimeout: 5000,
      outbox: '/data/outbox',
      from: complete.EMAIL_FROM,
      passwordResetUrl: complete.PASSWORD_RESET_URL,
      emailVerificationUrl: complete.EMAIL_VERIFICATION_URL,
    });
  });

  it('are null in production without SMTP_URL, so that no link gets into a log', () => {
    expect(loadConfig({ NODE_ENV: 'production', EMAIL_FROM: complete.EMAIL_FROM }).mail).toBeNull();
  });

  it('must name a sender and the pages of links in production', () => {
    expect(loadConfig({ NODE_ENV: 'production', ...complete }).mail?.smtpUrl).toBe(complete.SMTP_URL);
    expect(() => loadConfig({ NODE_ENV: 'production', SMTP_URL: complete.SMTP_URL })).toThrow(
      [
        'The configuration is not valid:',
        '  EMAIL_FROM must be set in production when SMTP_URL is set',
        '  PASSWORD_RESET_URL must be set in production when SMTP_URL is set',
        '  EMAIL_VERIFICATION_URL must be set in production when SMTP_URL is set',
      ].join('\n'),
    );
  });

  it.each([
    { env: { SMTP_URL: 'http://example.com' }, message: 'SMTP_URL must be a URL like smtps://' },
    { env: { SMTP_URL: 'smtp:' }, message: 'SMTP_URL must be a URL like smtps://' },
    { env: { SMTP_TIMEOUT: '0s' }, message: 'SMTP_TIMEOUT must be from 1s to 15s' },
    { env: { SMTP_TIMEOUT: '1m' }, message: 'SMTP_TIMEOUT must be from 1s to 15s' },
    { env: { EMAIL_FROM: 'nobody' }, message: 'EMAIL_FROM must be an address' },
    { env: { EMAIL_FROM: 'a@example.com\r\nBcc: b@example.com' }, message: 'EMAIL_FROM must be an address' },
    { env: { PASSWORD_RESET_URL: 'https://app.example.com/reset' }, message: 'PASSWORD_RESET_URL must be a URL with {token}' },
    { env: { EMAIL_VERIFICATION_URL: 'javascript:alert({token})' }, message: 'EMAIL_VERIFICATION_URL must be a URL with {token}' },
  ])('cannot be $env', ({ env, message }) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});

describe('a secret', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-secrets-'));
    await writeFile(join(folder, 'database'), 'postgres://user:pass@db/app\n');
    await writeFile(join(folder, 'smtp'), 'smtps://user:pass@smtp.example.com\n');
    await writeFile(join(folder, 'empty'), '\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('may come from a file', () => {
    const config = loadConfig({ DATABASE_URL_FILE: join(folder, 'database'), SMTP_URL_FILE: join(folder, 'smtp') });
    expect(config.databaseUrl).toBe('postgres://user:pass@db/app');
    expect(config.mail?.smtpUrl).toBe('smtps://user:pass@smtp.example.com');
  });

  it('from a file makes production demand the other mail variables', () => {
    const env = { NODE_ENV: 'production', SMTP_URL_FILE: join(folder, 'smtp') };
    expect(() => loadConfig(env)).toThrow('EMAIL_FROM must be set');
  });

  it('must be in a readable file that is not empty, and be set once; all mistakes are listed at once', () => {
    const missing = { DATABASE_URL_FILE: join(folder, 'missing'), SMTP_URL_FILE: join(folder, 'empty'), PORT: 'x' };
    expect(() => loadConfig(missing)).toThrow(
      /DATABASE_URL_FILE must name a readable file.*SMTP_URL_FILE must name a readable file.*PORT must be a whole number/s,
    );
    const twice = { SMTP_URL: complete.SMTP_URL, SMTP_URL_FILE: join(folder, 'smtp') };
    expect(() => loadConfig(twice)).toThrow('SMTP_URL_FILE cannot be set together with SMTP_URL');
  });
});
