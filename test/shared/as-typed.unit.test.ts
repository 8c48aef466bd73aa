import { describe, expect, it } from 'vitest';
import { asInPackage } from '../../src/shared/as-typed.ts';
import { runManage } from '../support/app/manage.ts';

const { stdout: help } = await runManage(['help']);
const commands = [...help.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');

describe('commands in a text', () => {
  it.each([
    ['Run `npm run manage migrate`, or start.', 'Run `npx graphql-token-auth migrate`, or start.'],
    ['npm run manage migrate -- --check      (for deployments)', 'npx graphql-token-auth migrate --check      (for deployments)'],
    ['npm run -s manage create-token bob -- --json', 'npx graphql-token-auth create-token bob --json'],
    ['npm run seed -- --demo', 'npx graphql-token-auth seed --demo'],
    ['Nothing -- at all.', 'Nothing -- at all.'],
  ])('%j is typed otherwise where the server is a package', (text, typed) => {
    expect(asInPackage(text)).toBe(typed);
  });

  it.each(commands)('the help of %s has an example that can be typed there', async (command) => {
    const { stdout } = await runManage(['help', command]);
    const typed = asInPackage(stdout);
    expect(typed).toMatch(new RegExp(`^Examples:\\n.*npx graphql-token-auth ${command}`, 'm'));
    expect(typed).not.toMatch(/npm |-- -/);
  });
});
