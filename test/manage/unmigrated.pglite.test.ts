import { expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestDatabase } from '../support/database/database.ts';

const commands = [
  ['create-token', 'nobody'],
  ['createsuperuser', '--noinput', '--username', 'first', '--email', ''],
];

it('an unmigrated embedded database is migrated by every command', async () => {
  const [unknownUser, superuser] = await Promise.all(
    commands.map(async (command) => {
      const { env, drop } = await createTestDatabase({ empty: true });
      return runManage(command, { env }).finally(drop);
    }),
  );
  expect(unknownUser).toMatchObject({ code: 1, stderr: 'Cannot create the Token: user nobody does not exist\n' });
  expect(superuser).toMatchObject({ code: 0, stdout: 'Superuser created successfully.\n' });
});
