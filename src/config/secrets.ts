import { readTextFile } from './text-file.ts';

/** What may come from a file, as container platforms mount it: `SMTP_URL_FILE=/run/secrets/smtp_url`. */
export const secrets: readonly string[] = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URLS', 'SMTP_URL'];

type Given = Readonly<Record<string, string | undefined>>;

/** The secrets that files hold, and what is wrong with the variables that name them. */
export function readSecretFiles(env: Given): { values: Record<string, string>; mistakes: string[] } {
  const values: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const name of secrets) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    const value = contentOf(file);
    if (env[name] !== undefined) mistakes.push(`${name}_FILE cannot be set together with ${name}`);
    else if (!value) mistakes.push(`${name}_FILE must name a file that can be read, is in UTF-8 and is not empty`);
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
