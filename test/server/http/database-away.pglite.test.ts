import { PgliteConnection } from '@mikro-orm/pglite';
import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

it('a closed embedded database is a typed 503, and /readyz says so without a detail', async () => {
  const app = await createTestApp();
  const { token } = await app.register('ann');
  const connection = app.database.orm.em.getConnection();
  if (!(connection instanceof PgliteConnection)) throw new Error('not PGlite');
  await (await connection.getNativeClient())?.close();
  const reply = await app.graphql('{ hello }', { token });
  expect(reply.status).toBe(503);
  expect(reply.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(await rawRequest(app.url, { path: '/readyz' })).toMatchObject({ status: 503, text: 'not ready' });
  expect(await rawRequest(app.url, { path: '/livez' })).toMatchObject({ status: 200 });
  await app.close();
});
