import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that a page consists of. */
export type Asset = { readonly type: string; readonly content: string | Buffer };

/** All files of the pages, by their paths, and a name that changes with any of them. */
export type Assets = { readonly version: string; readonly files: ReadonlyMap<string, Asset> };

const SCRIPT = 'text/javascript; charset=utf-8';
const types: Readonly<Record<string, string>> = { '.ts': SCRIPT, '.js': SCRIPT, '.css': 'text/css; charset=utf-8' };

/** The sources of the pages: TypeScript in a clone, JavaScript in the package. */
const folder = fileURLToPath(new URL('../../../web/', import.meta.url));

/** The libraries that the pages import, by the names under which they do. */
export const libraries = { preact: 'lib/preact.js', 'preact/hooks': 'lib/hooks.js' } as const;

/**
 * Reads the front end. Types are blanked out and nothing is bundled, so that there is no build step; the browser loads the modules side
 * by side. It takes some 150 ms, once, for the first request.
 * @param more files that the configuration adds
 */
export function readAssets(more: ReadonlyMap<string, Asset>): Assets {
  const files = new Map([...readSources(), ...readLibraries(), ...more]);
  const digest = hash('sha256', JSON.stringify([...files].map(([path, { content }]) => [path, content.toString('base64')])), 'hex');
  return { version: digest.slice(0, 16), files };
}

function readSources(): [string, Asset][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.flatMap((name) => {
    const type = types[extname(name)];
    return type && !name.endsWith('.d.ts') ? [[relative('.', name).replaceAll('\\', '/'), { type, content: readSource(name) }]] : [];
  });
}

function readSource(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8');
  return name.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}

const readLibraries = (): [string, Asset][] =>
  Object.entries(libraries).map(([name, path]) => [
    path,
    { type: SCRIPT, content: readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, '') },
  ]);
