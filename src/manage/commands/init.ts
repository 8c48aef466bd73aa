import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { writeSource } from '../console/source-file.ts';

const examples = `
Writes a project with one field, one test and this version of the server.

Examples:
  npx graphql-token-auth init blog
  npx graphql-token-auth init .       (this folder, if it is empty)`;

/** Adds `init`, which begins a project. */
export function addInit(program: Command, shell: Shell): void {
  program
    .command('init')
    .usage('<folder>')
    .description('Begin a project that builds on this server.')
    .argument('<folder>', 'a new folder, or an empty one')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((folder: string) => run(shell, folder));
}

const pathOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

function run(shell: Shell, folder: string): void {
  if (!isFree(folder)) throw new OperatorError(`${folder} is not an empty folder. Name one that is new or empty.`);
  const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'));
  const files = globSync('**/*.*', { cwd: pathOf('skeleton') });
  const project = { name: projectName(folder), server: { name, version } };
  for (const file of files) writeSource(join(folder, file), filledIn(readFileSync(join(pathOf('skeleton'), file), 'utf8'), project));
  writeSource(join(folder, '.gitignore'), 'node_modules/\ndata/\n.env\n'); // npm would leave a file of this name out of the package
  writeSource(join(folder, '.env.example'), readFileSync(pathOf('.env.example'), 'utf8'));
  shell.report({ lines: nextSteps(folder), facts: { folder: resolve(folder) } });
}

function isFree(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return !stats || (stats.isDirectory() && readdirSync(folder).length === 0);
}

/** A name that npm takes. */
const projectName = (folder: string): string =>
  basename(resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100) || 'app';

type Project = { readonly name: string; readonly server: { readonly name: string; readonly version: string } };

const filledIn = (text: string, { name, server }: Project): string =>
  text.replaceAll('"name": "skeleton"', `"name": "${name}"`).replaceAll(`"${server.name}": "*"`, `"${server.name}": "^${server.version}"`);

const nextSteps = (folder: string): string[] => [
  `Wrote ${folder}. Next:`,
  '',
  ...(relative('.', folder) === '' ? [] : [`  cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`]),
  '  npm install',
  '  npm test',
  '  npm start',
];
