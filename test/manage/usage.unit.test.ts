import { describe, expect, it } from 'vitest';
import { runManage, spawnManage } from '../support/app/manage.ts';

const commands = [
  'migrate',
  'create-migration',
  'check',
  'createsuperuser',
  'changepassword',
  'create-token',
  'revoke-tokens',
  'prune',
  'import-django',
  'export-django',
  'seed',
];

describe('npm run manage', () => {
  it.each([['help'], ['--help'], ['-h']])('%s explains itself and ends with 0', async (flag) => {
    const { code, stdout, stderr } = await runManage([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of commands) expect(stdout).toContain(command);
    expect(stdout).toContain('Exit codes: 0 done, 1 not done, 2 wrong usage.');
  });

  it.each(commands)('help %s and --help say the same, with examples and --json', async (command) => {
    const [help, flag] = await Promise.all([runManage(['help', command]), runManage([command, '--help'])]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: npm run manage ${command}`);
    expect(help.stdout).toMatch(new RegExp(`^Examples:\\n.*npm run (-s )?(manage )?${command}`, 'm'));
    expect(help.stdout).toContain('--json');
    expect(flag).toEqual(help);
  });

  it.each<[string[], string]>([
    [[], 'Usage: npm run manage'],
    [['migrat'], "error: unknown command 'migrat'\n(Did you mean migrate?)"],
    [['createsuperuser', '--no-input'], "error: unknown option '--no-input'\n(Did you mean --noinput?)"],
    [['create-token'], "error: missing required argument 'username'"],
    [['create-token', 'bob', 'ann'], "error: too many arguments for 'create-token'"],
    [['create-token', '--missing', 'bob'], 'error: --missing is for all accounts'],
    [['create-token', '--missing', '-r'], "error: option '--missing' cannot be used with option '-r, --reset'"],
    [['revoke-tokens'], 'error: either a username or --all is needed'],
    [['revoke-tokens', 'bob', '--all'], 'error: either a username or --all is needed'],
    [['changepassword'], "error: missing required argument 'username'"],
    [['import-django'], 'error: no Django database: give its URL'],
    [['import-django', '--from', 'postgres://host/db', '--since', 'yesterday'], 'It must be a date like 2026-11-20'],
    [['import-django', '--from', 'postgres://me:s3cret@host/db'], 'set DJANGO_DATABASE_URL instead'],
    [['import-django', '--from', 'postgres://me:s3cret/@a,b/db'], 'set DJANGO_DATABASE_URL instead'],
    [['import-django', '--from', 'postgresql://host/db?user=me&password=s3cret'], 'set DJANGO_DATABASE_URL instead'],
    [['export-django', '--to', 'postgres://me:s3cret@/db?host=/run/postgresql', '--dry-run'], 'set DJANGO_DATABASE_URL instead'],
    [['seed'], "error: required option '--demo' not specified"],
    [['migrate', 'now'], "error: too many arguments for 'migrate'"],
    [['migrate', '--check', '--status'], "error: option '--status' cannot be used with option '--check'"],
  ])('%j is wrong usage: an explanation and exit code 2', async (args, explanation) => {
    const { code, stdout, stderr } = await runManage(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(explanation);
    expect(stderr).toContain('npm run manage help');
    expect(stderr).not.toContain('s3cret');
  });

  it('names every mistake of the configuration and nothing else', async () => {
    const { code, stderr } = await runManage(['migrate'], { env: { PORT: 'x', DATABASE_URL: 'mysql://root:s3cret@host/db' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The configuration is not valid:\n {2}PORT .*\n {2}DATABASE_URL .*\n$/);
    expect(stderr).not.toContain('s3cret');
  });

  it.each<[string[], string]>([
    [['migrat', '--json'], "unknown command 'migrat'\n(Did you mean migrate?)"],
    [['create-token', '--json'], "missing required argument 'username'"],
    [['--json'], "unknown option '--json'"],
  ])('%j is explained as JSON', async (args, message) => {
    const { code, stdout, stderr } = await runManage(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'WRONG_USAGE', message } });
  });

  it('names every mistake of the configuration as JSON, too', async () => {
    const { code, stdout } = await runManage(['prune', '--json'], { env: { PORT: 'x', LOG_LEVEL: 'y' } });
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      details: [/^PORT /, /^LOG_LEVEL /].map((start) => expect.stringMatching(start)),
    });
  });

  it.each<[string[], string, string]>([
    [['migrate'], 'npm_config_check', 'npm run manage migrate -- --check'],
    [['create-token', 'bob'], 'npm_config_r', 'npm run manage create-token bob -- --reset'],
    [['createsuperuser'], 'npm_config_noinput', 'npm run manage createsuperuser -- --noinput'],
  ])('%j is refused when npm kept an option for itself (%s)', async (args, variable, advice) => {
    const { code, stdout, stderr } = await runManage(args, { env: { npm_lifecycle_event: 'manage', [variable]: 'true' } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(advice);
  });

  it.each<[string[], string, string, string]>([
    [['import-django'], 'npm_config_since', '2026-11-20', 'npm run manage import-django -- --since <date>'],
    [['import-django', 'postgres://u:s3cret@host/db'], 'npm_config_from', 'true', 'npm run manage import-django -- --from <url>'],
    [['import-django', 'a=b', 'c=d'], 'npm_config_column', 'true\n\ntrue', 'npm run manage import-django -- --column <field=name>'],
    [['export-django'], 'npm_config_fill', 'phone=', 'npm run manage export-django -- --fill <column=value>'],
    [['export-django'], 'npm_config_user_table', '', 'npm run manage export-django -- --user-table <name>'],
    [['createsuperuser', 'bob'], 'npm_config_username', 'true', 'npm run manage createsuperuser -- --username <username>'],
  ])('%j is refused when npm kept an option that has a value (%s=%j)', async (args, variable, value, advice) => {
    const { code, stdout, stderr } = await runManage(args, { env: { npm_lifecycle_event: 'manage', [variable]: value } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(advice);
    expect(stderr).not.toContain('s3cret');
  });

  it('is not refused for what npm kept of an account in an .npmrc', async () => {
    const env = { npm_lifecycle_event: 'manage', npm_config_email: 'me@example.com', PORT: 'x' };
    expect((await runManage(['createsuperuser', '--noinput'], { env })).stderr).not.toContain('npm kept');
  });

  it('is a program', async () => {
    expect(await spawnManage(['help'])).toEqual(await runManage(['help']));
  });
});
