import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { createTestDatabase } from '../support/database/database.ts';

it('a migration of an app that is older than one which was applied is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const testDatabase = await createTestDatabase();
  onTestFinished(async () => {
    await rm(folder, { recursive: true });
    await testDatabase.drop();
  });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const write = (name: string) =>
    writeFile(
      join(folder, `${name}.ts`),
      `import { Migration } from '@mikro-orm/migrations';
       export class ${name} extends Migration { override up(): void { this.addSql('create table ${name} ()'); } }`,
    );
  const run = async () => {
    const app = { name: 'app', migrations: pathToFileURL(folder) };
    const { orm, close } = await openDatabase({ ...loadConfig(testDatabase.env), features: [...features, app] });
    return migrate(orm).finally(close);
  };
  await write('Migration20270102000000_second');
  expect(await run()).toContain('Migration20270102000000_second');
  await write('Migration20270101000000_first');
  await expect(run()).rejects.toThrow(
    'Migration20270101000000_first is older than Migration20270102000000_second, which was applied already. Give its name a later time.',
  );
  await write('Migration20270103000000_third');
  await rm(join(folder, 'Migration20270101000000_first.ts'));
  expect(await run()).toContain('Migration20270103000000_third');
});
