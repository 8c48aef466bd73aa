import type { Command } from 'commander';
import type { Environment } from '../config.ts';

/** npm has these itself, and a person may have set them for good in an .npmrc. */
const npmsOwn = ['json', 'yes', 'all'];

/**
 * Refuses flags that npm took for its own because no `--` came first, and put into the environment instead:
 * `npm run manage migrate --check` would migrate.
 */
export function refuseWhatNpmKept(command: Command, env: Environment): void {
  if (env.npm_lifecycle_event !== 'manage') return;
  const kept = command.options.find((option) => {
    const name = option.long?.slice(2) ?? '';
    const names = [name, option.short?.slice(1) ?? name].map((given) => `npm_config_${given.replaceAll('-', '_')}`);
    return option.isBoolean() && !npmsOwn.includes(name) && names.some((variable) => env[variable] === 'true');
  });
  if (!kept) return;
  const given = [command.name(), ...command.args].join(' ');
  command.error(`error: npm kept ${kept.long} for itself. Put "--" before it: npm run manage ${given} -- ${kept.long}`);
}
