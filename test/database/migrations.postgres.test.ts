import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { createTestDatabase } from '../support/database/database.ts';

it('the migrations run once when five nodes start together', async () => {
  const { env, drop } = await createTestDatabase({ empty: true });
  const databases = await Promise.all(Array.from({ length: 5 }, () => openDatabase({ ...loadConfig(env), features })));
  const applied = await Promise.all(databases.map(({ orm }) => migrate(orm)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  await Promise.all(databases.map(({ close }) => close()));
  await drop();
});
