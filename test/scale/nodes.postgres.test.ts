import { afterAll, beforeAll, describe, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { expectAllTold, expectSharedBudget, expectSharedRevocation } from './sharing.ts';

describe('three nodes on one database', () => {
  let database: TestDatabase;
  let nodes: TestApp[];
  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '6/5m' };
    nodes = await Promise.all(['A', 'B', 'C'].map(() => createTestApp({ on: database, env })));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
  });

  it('share the budgets of attempts', () => expectSharedBudget(nodes, 'nobody'));
  it('refuse a token on the very next request after one of them has ended it', () => expectSharedRevocation(nodes, 'ann'));
  it('all tell those who subscribed', () => expectAllTold(nodes, 'bob'));
});
