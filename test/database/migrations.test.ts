import type { SqlMikroORM } from '@mikro-orm/sql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { isMigrated, migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

/** Opens a database for `work`, and closes and drops it afterwards. */
async function withOrm(testDatabase: TestDatabase, work: (orm: SqlMikroORM) => Promise<void>): Promise<void> {
  const database = await openDatabase({ ...loadConfig(testDatabase.env), features });
  await work(database.orm).finally(database.close);
  await testDatabase.drop();
}

describe('the migrations', () => {
  it('make the schema that the entities describe: no drift', async () => {
    await withOrm(await createTestDatabase(), async (orm) => {
      expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    });
  });

  it('bring an empty database up to date once, and then have nothing to do', async () => {
    await withOrm(await createTestDatabase({ empty: true }), async (orm) => {
      expect(await isMigrated(orm)).toBe(false);
      expect(await migrate(orm)).not.toEqual([]);
      expect(await isMigrated(orm)).toBe(true);
      expect(await migrate(orm)).toEqual([]);
    });
  });

  it('are all asked for: one that is older than those applied is not overlooked', async () => {
    await withOrm(await createTestDatabase(), async (orm) => {
      await orm.em.execute('delete from migrations where id = (select min(id) from migrations)');
      expect(await isMigrated(orm)).toBe(false);
    });
  });
});
