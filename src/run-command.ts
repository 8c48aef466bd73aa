import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { APP_VARIABLE } from './config/environment.ts';
import { addInit } from './manage/commands/init.ts';
import type { Shell } from './manage/console/shell.ts';
import { runProcess } from './manage/run-process.ts';

/** Where an app may be, from the folder that the command runs in. */
const places = ['app.ts', 'app.js', 'src/app.ts', 'src/app.js'];

/** Runs what `npx graphql-token-auth` was told to. @param args as typed behind it */
export async function runCommand(args: readonly string[]): Promise<void> {
  const { app, rest } = takeApp(args);
  if (app === '') return refuse('--app needs a file: the one that exports the app.');
  if (app !== undefined && !existsSync(app)) return refuse(`There is no ${app}; --app names the file that exports the app.`);
  const found = app ?? places.find((place) => existsSync(place));
  if (found !== undefined && !(process.env[APP_VARIABLE] && app === undefined))
    process.env[APP_VARIABLE] = pathToFileURL(resolve(found)).href;
  if (rest.join() === 'start') return import('./main.ts').then(() => {}); // alone, without what the other commands load
  const loadFeatures = async () => (isAboutNoApp(rest) ? [] : (await import('./features.ts')).features);
  await runProcess({ args: rest, loadFeatures, more: [addStart, addDev, addInit, addSchema, addAppOption] });
}

/** Takes `--app <file>` out of the arguments, wherever it stands. */
function takeApp(args: readonly string[]): { app: string | undefined; rest: readonly string[] } {
  const at = args.findIndex((arg) => arg === '--app' || arg.startsWith('--app='));
  if (at < 0) return { app: undefined, rest: args };
  const [, inOne] = args[at]?.split('--app=') ?? [];
  return { app: inOne ?? args[at + 1] ?? '', rest: args.toSpliced(at, inOne === undefined ? 2 : 1) };
}

function refuse(sentence: string): void {
  process.stderr.write(`error: ${sentence}\n`);
  process.exitCode = 2;
}

/** Whether the app need not be loaded: it may have a mistake that `dev` waits to see mended. */
const isAboutNoApp = ([command = 'help']: readonly string[]): boolean => ['init', 'dev', 'help', '-h', '--help'].includes(command);

const addAppOption = (program: Command): void => {
  program.option('--app <file>', 'the file that exports the app');
};

const addStart = (program: Command): void => {
  program
    .command('start')
    .description('Serve the API.')
    .addHelpText('after', '\nExamples:\n  npx graphql-token-auth start\n  PORT=8080 npx graphql-token-auth start --app src/blog.ts')
    .action(async () => {
      await import('./main.ts');
    });
};

const addDev = (program: Command): void => {
  program
    .command('dev')
    .description('Serve the API, and start again on every change of a source.')
    .addHelpText('after', '\nExamples:\n  npx graphql-token-auth dev')
    .action(watch);
};

/** Node does the watching, in a process that starts others. */
async function watch(): Promise<void> {
  const command = fileURLToPath(new URL('./command.js', import.meta.url));
  const options = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning', '--watch', '--watch-preserve-output'];
  const child = spawn(process.execPath, [...options, command, 'start'], { stdio: 'inherit' });
  process.on('SIGINT', () => {}); // the terminal sends it to all of them
  process.on('SIGTERM', () => child.kill());
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

const addSchema = (program: Command, { stdout }: Shell): void => {
  program
    .command('schema')
    .description('Print the schema, with the guards of its fields.')
    .addHelpText('after', '\nExamples:\n  npx graphql-token-auth schema > schema.graphql')
    .action(async () => {
      const { sdl } = await import('./graphql/schema.ts');
      stdout.write(sdl());
    });
};
