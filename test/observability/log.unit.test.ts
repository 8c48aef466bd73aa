import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Runs a program that opens its log and then does something; what it printed, and how it ended. */
async function run(prettyLog: boolean, body: string): Promise<{ stdout: string; code: number }> {
  const program = `
    import { openLog } from './src/observability/log.ts';
    const log = await openLog({ logLevel: 'info', prettyLog: ${prettyLog} });
    ${body}`;
  const options = { timeout: 30_000, maxBuffer: 1e8 };
  return promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', program], options).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    ({ stdout, code }) => ({ stdout, code }),
  );
}

const MANY = 20_000;
const writeMany = `for (let n = 0; n < ${MANY}; n++) log.info({ n }, 'line');`;

describe('the log', () => {
  it.each([
    { end: '', code: 0 },
    { end: 'process.exit(3);', code: 3 },
    { end: "throw new Error('a crash');", code: 1 },
  ])('is complete when the program ends: $end', async ({ end, code }) => {
    const ended = await run(false, writeMany + end);
    const lines = ended.stdout.trim().split('\n');
    expect(ended.code).toBe(code);
    expect(lines).toHaveLength(MANY);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 30, n: MANY - 1, msg: 'line' });
  });

  it.each([true, false])('has one line for one event, whatever is in it; pretty: %s', async (pretty) => {
    const evil = JSON.stringify('a\nb\r\n{"level":30}\u2028\u0085\u001b[31m');
    const { stdout } = await run(pretty, `log.info({ requestId: ${evil}, operation: ${evil} }, 'operation');`);
    expect(stdout.trimEnd().split(/[\n\r]/)).toHaveLength(1);
    expect(stdout).not.toContain('\u001b[31m');
    expect(stdout).toContain('operation');
  });
});
