import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { APP_VARIABLE } from './config/environment.ts';
import type { Feature } from './shared/feature.ts';
import { OperatorError } from './shared/operator-error.ts';

/** A clone has its app here; a package does not. */
const cloned = new URL('../app/app.ts', import.meta.url);

/** Loads the app: what `APP_VARIABLE` names, else the clone's own. Without either there is none. @throws OperatorError when it is none */
export async function findApp(): Promise<readonly Feature[]> {
  const url = process.env[APP_VARIABLE] || (existsSync(cloned) ? cloned.href : null);
  if (url === null) return [];
  refuseCopies(url);
  const { default: app }: { default?: unknown } = await import(url);
  if (isApp(app)) return app;
  throw new OperatorError(`${fileURLToPath(url)} has to export by default what defineApp returns.`);
}

const isApp = (value: unknown): value is readonly Feature[] => Array.isArray(value) && value.every(isFeature);

const isFeature = (value: unknown): boolean => typeof value === 'object' && value !== null && 'name' in value;

/** Two copies of these would know nothing of each other's classes and plugins. */
const single = ['graphql', '@pothos/core', '@mikro-orm/core'];

/** @throws OperatorError when the app would import another copy of a package than the server does */
function refuseCopies(app: string): void {
  for (const name of single) {
    const theirs = resolveFrom(app, name);
    if (theirs === null || theirs === resolveFrom(import.meta.url, name)) continue;
    throw new OperatorError(
      `The app has a copy of ${name} of its own: ${theirs}. Remove it from package.json: the server brings the one that fits.`,
    );
  }
}

/** Null: there is none. */
function resolveFrom(file: string, name: string): string | null {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return null;
  }
}
