import { existsSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { OperatorError } from '../shared/operator-error.ts';
import { commandVariables } from './commands.ts';
import { variableNames } from './every-variable.ts';
import { readTextFile, UnreadableText } from './text-file.ts';
import type { Environment } from './variable.ts';

/**
 * The process's environment, completed by a `.env` file in the working directory; what is set already wins.
 * @throws OperatorError when that file cannot be read
 */
export function readEnvironment(): Environment {
  if (existsSync('.env')) Object.assign(process.env, { ...parseEnv(readDotEnv()), ...process.env });
  return process.env;
}

function readDotEnv(): string {
  try {
    return readTextFile('.env');
  } catch (error) {
    throw error instanceof UnreadableText ? new OperatorError(`The file .env ${error.message}.`, { code: 'CONFIGURATION_INVALID' }) : error;
  }
}

/** Names the app's module, as a URL, to this process and to those that it starts. The command sets it. */
export const APP_VARIABLE = 'GRAPHQL_TOKEN_AUTH_APP';

/** The variables that may come from a file, as container platforms mount secrets: `SMTP_URL_FILE=/run/secrets/smtp_url`. */
export const secrets: readonly string[] = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URLS', 'SMTP_URL', 'WEBHOOK_SECRET'];

/** The secrets that files hold, and what is wrong with the variables that name them. */
export function readSecretFiles(env: Environment): { values: Record<string, string>; mistakes: string[] } {
  const values: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const name of secrets) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    const value = contentOf(file);
    if (env[name] !== undefined) mistakes.push(`${name}_FILE cannot be set together with ${name}`);
    else if (!value) mistakes.push(`${name}_FILE must name a readable file in UTF-8 that is not empty`);
    else values[name] = value;
  }
  return { values, mistakes };
}

function contentOf(file: string): string | undefined {
  try {
    return readTextFile(file).trim();
  } catch {
    return undefined;
  }
}

/** A variable that is not a setting but looks like one, and the setting that it looks like. */
export type Stranger = { readonly name: string; readonly nearest: string };

const known = [...variableNames, ...secrets.map((name) => `${name}_FILE`), ...Object.keys(commandVariables)];

/** Finds the variables that look like a misspelled setting. */
export function strangersIn(env: Environment): Stranger[] {
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name)) return [];
    const nearest = nearestTo(name.toUpperCase());
    return nearest === null ? [] : [{ name, nearest }];
  });
}

/** How many letters may be wrong: a short name is close to many words that other programs use. */
const tolerance = (name: string): number => (name.length < 8 ? 1 : Math.max(2, Math.floor(name.length / 5)));

function nearestTo(name: string): string | null {
  const near = known.map((setting) => ({ setting, far: distance(name, setting) })).filter(({ far }) => far <= tolerance(name));
  return near.sort((a, b) => a.far - b.far)[0]?.setting ?? null;
}

/** For the log, `check` and a refused start. */
export const describeStranger = ({ name, nearest }: Stranger): string =>
  `${name} is not a setting of this server. Did you mean ${nearest}?`;
