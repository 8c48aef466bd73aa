import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const CREATE_TOKEN = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { status { code } token } }';
const CHANGE_PASSWORD = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }';

type Person = { readonly id: string; readonly username: string; readonly email: string; readonly token: string };

let mailbox: Mailbox;
let app: TestApp;
let root: Person;
let ann: Person;
let count = 0;

/** A user whose mailbox has had no mail yet. */
async function person(): Promise<Person> {
  const username = `person-${++count}`;
  const email = `${username}@example.com`;
  const { id, token } = await app.register(username);
  await app.sql('update users set email = ? where id = ?', [email, id]); // past register, which would write to it
  return { id, username, email, token };
}

beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, THROTTLE: 'on', THROTTLE_REGISTER: '1000/1h' } });
  root = await person();
  await app.sql('update users set is_superuser = true where id = ?', [root.id]);
});
beforeEach(async () => {
  ann = await person();
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const act = async (mutation: string, rest = '') => {
  const { data } = await app.graphql(`mutation { ${mutation}(input: { id: "${ann.id}" ${rest} }) { status { code } } }`, {
    token: root.token,
  });
  expect(data[mutation].status.code).toBe('200 OK');
};
const createToken = async (name = 'script') => {
  const variables = { input: { name, password: GOOD_PASSWORD } };
  const { data } = await app.graphql(CREATE_TOKEN, { token: ann.token, variables });
  expect(data.createToken.status.code).toBe('200 OK');
  return data.createToken.token;
};
const changePassword = () => {
  const variables = { input: { currentPassword: GOOD_PASSWORD, newPassword: 'cl4rinet-Basalt-22' } };
  return app.graphql(CHANGE_PASSWORD, { token: ann.token, variables });
};
const manage = async (...args: string[]) => {
  const env = { SUPERUSER_PASSWORD: GOOD_PASSWORD, NEW_PASSWORD: 'cl4rinet-Basalt-22', SMTP_URL: mailbox.url };
  const { code, stderr } = await runManage(args, { beside: app, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};
const queuedFor = (id: string) => app.sql('select kind from mails where user_id = ? and requested_at is not null', [id]);

describe('a notice', () => {
  const changes = [
    { of: 'a token that createToken makes', subject: 'A token was created for your account', change: createToken },
    {
      of: 'a token made on the command line',
      subject: 'A token was created for your account',
      change: () => manage('create-token', ann.username),
    },
    { of: 'another password', subject: 'Your password was changed', change: changePassword },
    {
      of: 'a password given on the command line',
      subject: 'Your password was changed',
      change: () => manage('changepassword', ann.username, '--noinput'),
    },
    { of: 'staff rights', subject: 'Your account now has staff rights', change: () => act('setUserStaff', 'isStaff: true') },
    {
      of: 'superuser rights',
      subject: 'Your account now has superuser rights',
      change: () => act('setUserSuperuser', 'isSuperuser: true'),
    },
    { of: 'a closed account', subject: 'Your account was closed', change: () => act('setUserActive', 'isActive: false') },
    {
      of: 'an account that is open again',
      subject: 'Your account was opened again',
      change: async () => {
        await app.sql('update users set is_active = false where id = ?', [ann.id]);
        await act('setUserActive', 'isActive: true');
      },
    },
  ];

  it.each(changes)('tells the owner of $of, and holds no link and no secret', async ({ subject, change }) => {
    await change();
    const mail = await mailbox.mailTo(ann.email);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(`“${ann.username}”`);
    expect(mail.raw).not.toMatch(/https?:|[0-9a-f]{40}/);
  });

  it('goes to a superuser who was created on the command line', async () => {
    await manage('createsuperuser', '--noinput', '--username', 'chief', '--email', 'chief@example.com');
    const mail = await mailbox.mailTo('chief@example.com');
    expect(mail.subject).toBe('Your account now has superuser rights');
    expect(mail.text).toContain('“chief”');
  });

  it('contains no text that a stranger may have chosen, such as a token’s name', async () => {
    await createToken('evil.example/now');
    expect((await mailbox.mailTo(ann.email)).raw).not.toContain('evil');
  });

  it('is not sent when nothing changes, when rights are taken away, nor without an address', async () => {
    await act('setUserActive', 'isActive: true');
    await act('setUserStaff', 'isStaff: false');
    await app.sql('update users set is_staff = true, is_superuser = true where id = ?', [ann.id]);
    await act('setUserStaff', 'isStaff: true');
    await act('setUserStaff', 'isStaff: false');
    await act('setUserSuperuser', 'isSuperuser: false');
    await app.sql("update users set email = '' where id = ?", [ann.id]);
    await act('setUserStaff', 'isStaff: true');
    await createToken();
    expect(await app.sql('select kind from mails where user_id = ?', [ann.id])).toEqual([]);
  });
});

describe('a mailbox', () => {
  it('gets five notices an hour; the next one waits until there is room, and is not lost', async () => {
    await createToken();
    await changePassword();
    await act('setUserStaff', 'isStaff: true');
    await act('setUserSuperuser', 'isSuperuser: true');
    await act('setUserActive', 'isActive: false');
    await until(async () => (await queuedFor(ann.id)).length === 0);
    await act('setUserActive', 'isActive: true');
    await until(() => app.logs().includes('a mailbox has had enough mails; one was left for later'));
    const waits = "requested_at is not null and attempts = 0 and next_attempt_at > now() + interval '30 minutes'";
    await until(async () => (await app.sql(`select 1 from mails where user_id = ? and ${waits}`, [ann.id])).length === 1);
    expect(mailbox.mails.filter(({ recipient }) => recipient === ann.email)).toHaveLength(5);
    await app.sql("update attempts set expire = 1 where key like 'noticesPerHour:%'");
    await app.sql('update mails set next_attempt_at = now() where user_id = ?', [ann.id]);
    expect((await mailbox.mailTo(ann.email, 6)).subject).toBe('Your account was opened again');
  });

  it('gets the link that staff send when strangers have used up its other mails', async () => {
    for (let n = 0; n < 7; n++) await app.register(`stranger-${n}`, { email: ann.email });
    await app.graphql(`mutation { requestPasswordReset(input: { email: "${ann.email}" }) { status { code } } }`);
    await mailbox.mailTo(ann.email, 5);
    await until(async () => (await app.sql('select 1 from mails where requested_at is not null')).length === 0);
    expect(mailbox.mails.filter(({ recipient }) => recipient === ann.email)).toHaveLength(5);
    await act('sendPasswordReset');
    const mail = await mailbox.mailTo(ann.email, 6);
    expect(mail.subject).toBe('Reset your password');
    expect(mail.text).toMatch(/A member of staff sent you this mail[\s\S]*token=[0-9a-f]{40}/);
  });
});
