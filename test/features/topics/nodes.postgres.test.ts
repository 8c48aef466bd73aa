import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app/test-app.ts';
import { subscribe } from '../../support/client/subscription.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';
import { holdCommits, newsroom } from './newsroom.ts';

const NEWS = 'subscription { news { text } }';
const TELL = 'mutation ($text: String!) { tell(text: $text) { status { code } } }';

it('what one node publishes is heard on another, long or short; a lost connection ends subscriptions instead of leaving a gap', async () => {
  const database = await createTestDatabase();
  const [here, there] = await Promise.all([1, 2].map(() => createTestApp({ app: [newsroom], on: database })));
  if (!here || !there) throw new Error('no nodes');
  const { token } = await here.register('ann');
  const reader = await subscribe(there.url, NEWS, token);
  for (const text of ['short', `long ${'x'.repeat(9000)}`, 'last']) await here.graphql(TELL, { variables: { text } });
  await until(() => reader.received().includes('"last"'));
  expect([...reader.received().matchAll(/"text":"(\w+)/g)].map(([, text]) => text)).toEqual(['short', 'long', 'last']);

  await there.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "published"' and datname = current_database()`,
  );
  await reader.ended;
  expect(reader.received()).toContain('Something may have been missed. Please subscribe again.');
  const again = await subscribe(there.url, NEWS, token);
  await here.graphql(TELL, { variables: { text: 'after' } });
  await until(() => again.received().includes('after'));
  again.leave();
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

it('what is published inside a transaction is heard after the commit', async () => {
  const app = await createTestApp({ app: [newsroom] });
  const { token } = await app.register('ann');
  const reader = await subscribe(app.url, NEWS, token);
  const commit = holdCommits();
  const told = app.graphql('mutation { tellLater(text: "committed", fail: false) { status { code } } }');
  await app.graphql(TELL, { variables: { text: 'meanwhile' } });
  await until(() => reader.received().includes('meanwhile'));
  expect(reader.received()).not.toContain('committed');
  commit();
  await told;
  await until(() => reader.received().includes('committed'));
  reader.leave();
  await app.close();
});
