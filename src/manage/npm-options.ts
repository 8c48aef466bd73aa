import type { Command, Option } from 'commander';
import type { Environment } from '../config/variable.ts';

/** npm has these itself, and a person may have set them for good in an .npmrc. */
const npmsOwn = ['json', 'yes', 'all'];

/** npm once kept these of an account in an .npmrc, where they may still be. */
const npmsOfOld = ['email', 'username'];

/**
 * Refuses options that npm took for its own because no `--` came first, and put into the environment instead:
 * `npm run manage migrate --check` would migrate, `import-django --since=2026-11-20` would read everybody. Comes before the
 * arguments are looked at: of `--from <url>` npm takes the one word and leaves the other.
 * @param operands what was typed behind the command
 */
export function refuseWhatNpmKept(command: Command, operands: readonly string[], env: Environment): void {
  if (env.npm_lifecycle_event !== 'manage') return;
  const kept = command.options.filter((option) => isKept(option, env));
  if (kept.length === 0) return;
  const names = kept.map(({ long }) => long).join(' and ');
  const wanted = operands.filter((operand) => !operand.startsWith('-')).slice(0, command.registeredArguments.length);
  const line = [command.name(), ...wanted, '--', ...kept.map(typed)].join(' ');
  command.error(`error: npm kept ${names} for itself. Put "--" before it: npm run manage ${line}`);
}

function isKept(option: Option, env: Environment): boolean {
  const name = option.name();
  if (npmsOwn.includes(name)) return false;
  const given = [name, option.short?.slice(1) ?? name].map((each) => env[`npm_config_${each.replaceAll('-', '_')}`]);
  const isWithoutValue = given.some((value) => /^true(\s+true)*$/.test(value ?? '')); // npm repeats what came several times
  return isWithoutValue || (!option.isBoolean() && !npmsOfOld.includes(name) && given.some((value) => value !== undefined));
}

/** An option as its help shows it, without what may be a secret. */
const typed = (option: Option): string => option.flags.replace(/^-\w, /, '').replace(/\.\.\.>$/, '>');
