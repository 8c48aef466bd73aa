import { describe, expect, it } from 'vitest';
import { runManage } from '../support/manage.ts';

describe('npm run manage', () => {
  it.each([['help'], ['--help'], ['-h']])('%s explains itself and ends with 0', async (flag) => {
    const { code, stdout, stderr } = await runManage([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['migrate', 'createsuperuser', 'create-token', 'seed']) expect(stdout).toContain(command);
    expect(stdout).toContain('Exit codes: 0 done, 1 not done, 2 wrong usage.');
  });

  it.each([
    ['migrate', 'npm run manage migrate'],
    ['createsuperuser', 'npm run manage createsuperuser -- --username'],
    ['create-token', 'npm run manage create-token bob -- -r'],
    ['seed', 'npm run seed -- --demo'],
  ])('help %s and --help say the same, with the example %s', async (command, example) => {
    const [help, flag] = await Promise.all([runManage(['help', command]), runManage([command, '--help'])]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: npm run manage ${command}`);
    expect(help.stdout).toContain(example);
    expect(flag).toMatchObject({ code: 0, stdout: help.stdout });
  });

  it.each<[string[], string]>([
    [[], 'Usage: npm run manage'],
    [['migrat'], "error: unknown command 'migrat'\n(Did you mean migrate?)"],
    [['createsuperuser', '--no-input'], "error: unknown option '--no-input'\n(Did you mean --noinput?)"],
    [['create-token'], "error: missing required argument 'username'"],
    [['create-token', 'bob', 'ann'], "error: too many arguments for 'create-token'"],
    [['seed'], "error: required option '--demo' not specified"],
    [['migrate', 'now'], "error: too many arguments for 'migrate'"],
  ])('%j is wrong usage: an explanation and exit code 2', async (args, explanation) => {
    const { code, stdout, stderr } = await runManage(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(explanation);
    expect(stderr).toContain('npm run manage help');
  });

  it('names every mistake of the configuration and nothing else', async () => {
    const { code, stderr } = await runManage(['migrate'], { env: { PORT: 'x', DATABASE_URL: 'mysql://root:s3cret@host/db' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The configuration is not valid:\n {2}PORT .*\n {2}DATABASE_URL .*\n$/);
    expect(stderr).not.toContain('s3cret');
  });
});
