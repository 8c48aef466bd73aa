import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const audits = serverAudits({ url: () => `${app.url}/graphql` });

describe('GraphQL over HTTP, as the reference implementation audits it', () => {
  it('has all audits, so that none goes missing with an update', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits)('$id: the server $name', async ({ fn }) => {
    const result = await fn();
    expect('reason' in result ? result.reason : result.status).toBe('ok');
  });
});
