import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../../support/app/test-app.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { openToOthers } from '../../support/database/open-to-others.ts';
import { tokenOf } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const REQUEST = 'mutation { requestEmailVerification { status { code message } } }';
const RESET = 'mutation { requestPasswordReset(input: { email: "quiet@example.com" }) { status { code message } } }';
const CHANGE = 'mutation { changeEmail(input: { password: "x", newEmail: "b@example.com" }) { status { code message } } }';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

describe('without SMTP_URL', () => {
  it('an outbox that others could read becomes private with the next mail', async () => {
    const database = await createTestDatabase();
    cleanUp.push(database.drop);
    const app = await createTestApp({ on: database });
    cleanUp.push(app.close);
    const outbox = join(database.env.DATA_DIR, 'outbox');
    await mkdir(outbox, { mode: 0o755 });
    await writeFile(join(outbox, 'old.eml'), '', { mode: 0o644 });
    await app.register('private', { email: 'private@example.com' });
    await until(async () => (await readdir(outbox)).length === 2);
    expect(openToOthers(outbox)).toEqual([]);
  });

  it('in development a mail becomes an .eml file, and its link a line in the log', async () => {
    const database = await createTestDatabase();
    cleanUp.push(database.drop);
    const app = await createTestApp({ on: database });
    cleanUp.push(app.close);
    await app.register('developer', { email: 'developer@example.com' });
    await until(() => app.logs().includes('a mail was written to the outbox'));
    const outbox = join(database.env.DATA_DIR, 'outbox');
    const [file = ''] = await readdir(outbox);
    expect(file).toMatch(/^[\d.TZ-]+-[0-9a-f]{8}\.eml$/);
    const mail = await simpleParser(await readFile(join(outbox, file)));
    expect(mail.to).toMatchObject({ text: 'developer@example.com' });
    expect(mail.subject).toBe('Confirm your email address');
    const line = JSON.parse(
      app
        .logs()
        .split('\n')
        .find((text) => text.includes('outbox')) ?? '{}',
    );
    expect(line.link).toBe(`http://localhost:0/account/verify-email#token=${tokenOf(mail)}`);
    const verify = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { status { code } } }';
    const { data } = await app.graphql(verify, { variables: { input: { token: tokenOf(mail) } } });
    expect(data.verifyEmail.status.code).toBe('200 OK');
  });

  it('in production the server sends and queues nothing, and mutations that need a mail say so', async () => {
    const app = await createTestApp({ env: { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' } });
    cleanUp.push(app.close);
    const { token } = await app.register('quiet', { email: 'quiet@example.com' });
    const off = { status: { code: '501 NOT IMPLEMENTED', message: 'This server sends no mail' } };
    expect((await app.graphql(REQUEST, { token })).data.requestEmailVerification).toEqual(off);
    expect((await app.graphql(CHANGE, { token })).data.changeEmail).toEqual(off);
    expect((await app.graphql(RESET)).data.requestPasswordReset).toEqual(off);
    expect(await app.sql('select 1 from mails union all select 1 from password_reset_requests')).toEqual([]);
    expect(app.logs()).not.toContain('token=');
  });
});
