import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app/test-app.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

it('three nodes on one database send each mail once between them', async () => {
  const mailbox = await openMailbox();
  const database = await createTestDatabase();
  const nodes = await Promise.all([1, 2, 3].map(() => createTestApp({ env: { SMTP_URL: mailbox.url }, on: database })));
  const people = Array.from({ length: 30 }, (_, n) => `person-${n}`);
  await Promise.all(people.map((name, n) => nodes[n % 3]?.register(name, { email: `${name}@example.com` })));
  await until(async () => (await nodes[0]?.sql('select 1 from mails where requested_at is not null'))?.length === 0);
  expect(mailbox.mails.map(({ recipient }) => recipient).sort()).toEqual(people.map((name) => `${name}@example.com`).sort());
  await Promise.all(nodes.map(({ close }) => close()));
  await mailbox.close();
  await database.drop();
});

it('two nodes share the budget of a mailbox', async () => {
  const mailbox = await openMailbox();
  const database = await createTestDatabase();
  const env = { SMTP_URL: mailbox.url, THROTTLE: 'on' };
  const nodes = await Promise.all([1, 2].map(() => createTestApp({ env, on: database })));
  await Promise.all(Array.from({ length: 14 }, (_, n) => nodes[n % 2]?.register(`one-of-many-${n}`, { email: 'victim@example.com' })));
  await until(async () => (await nodes[0]?.sql('select 1 from mails where requested_at is not null'))?.length === 0);
  expect(mailbox.mails).toHaveLength(5);
  await Promise.all(nodes.map(({ close }) => close()));
  await mailbox.close();
  await database.drop();
});
