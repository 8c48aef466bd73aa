import type { Command } from 'commander';
import { jsonOption, type Shell } from '../console/shell.ts';
import { checkConfiguration } from './checks/check-configuration.ts';
import { checkDatabase } from './checks/check-database.ts';
import { checkMail } from './checks/check-mail.ts';
import { checkReplicas } from './checks/check-replicas.ts';
import type { Finding } from './checks/finding.ts';

const examples = `
Looks at the configuration, the database, its migrations and the mail server, and says how to mend what is wrong.
It writes nothing, sends no mail and leaves a running server alone.

Examples:
  npm run manage check
  npm run -s manage check -- --json    {"ok": true, "findings": [{"area": "database", "status": "ok", "message": "..."}]}

Exit code 1 when something is wrong (✗); warnings (!) alone end with 0.`;

/** Adds `check`, which tells what keeps the server from working. */
export function addCheck(program: Command, shell: Shell): void {
  program
    .command('check')
    .usage('[-- options]')
    .description('Say what is wrong with this installation, and how to mend it.')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action(() => run(shell));
}

async function run(shell: Shell): Promise<void> {
  const findings = await findAll(shell);
  const ok = findings.every(({ status }) => status !== 'error');
  shell.report({ lines: findings.flatMap(linesOf), facts: { ok, findings }, failed: !ok });
}

async function findAll(shell: Shell): Promise<Finding[]> {
  const { config, findings } = checkConfiguration(shell.env);
  if (config === null) return [...findings, notLookedAt('database'), notLookedAt('mail')];
  const [database, replicas, mail] = await Promise.all([checkDatabase(shell, config), checkReplicas(shell, config), checkMail(config)]);
  return [...findings, ...database, ...replicas, ...mail];
}

const notLookedAt = (area: Finding['area']): Finding => ({
  area,
  status: 'skipped',
  message: 'Not looked at: the configuration has to be right first.',
});

const signs: Record<Finding['status'], string> = { ok: '✓', warning: '!', error: '✗', skipped: '-' };

const linesOf = ({ area, status, message, advice }: Finding): string[] => [
  `${signs[status]} ${area.padEnd(14)} ${message.replaceAll('\n', ' ')}`,
  ...(advice === undefined ? [] : [`${' '.repeat(17)}${advice}`]),
];
