import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { cpuSeconds } from '../../bench/measure/cpu-meter.ts';

const busy = `const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);`;
const parent = `require('node:child_process').execFileSync(process.execPath, ['-e', process.argv[1]]);
  process.stdout.write('done'); process.stdin.resume();`;

it.runIf(process.platform === 'linux')('the CPU time of a process includes that of children that have ended', async () => {
  const child = spawn(process.execPath, ['-e', parent, busy]);
  await once(child.stdout, 'data');
  const used = cpuSeconds([child.pid ?? 0]);
  child.kill();
  expect(used).toBeGreaterThan(0.3);
});
