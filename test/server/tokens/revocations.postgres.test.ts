import { expect, it, onTestFinished } from 'vitest';
import { currentPosition, endedSince } from '../../../src/features/tokens/ended-tokens.ts';
import { createTestApp } from '../../support/app/test-app.ts';

it('what an older transaction ends is told after what younger ones ended, and not missed', async () => {
  const app = await createTestApp();
  onTestFinished(() => app.close());
  const [slow, quick] = [await app.register('slow'), await app.register('quick')];
  const reader = () => app.database.orm.em.fork();
  const older = app.database.orm.em.fork();
  await older.begin();
  await older.execute('delete from tokens where user_id = ?', [slow.id]);
  const start = await currentPosition(reader());
  await app.sql('delete from tokens where user_id = ?', [quick.id]);
  const before = await endedSince(reader(), start);
  expect(before?.rows).toHaveLength(1);
  await older.commit();
  const after = await endedSince(reader(), before?.position ?? '');
  expect(after?.rows).toHaveLength(2);
  const settled = await endedSince(reader(), after?.position ?? '');
  expect(settled?.rows).toEqual([]);
});
