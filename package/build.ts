import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { manifestOf } from './manifest.ts';

// `npm run build`: makes of dist/ what `npm pack ./dist` puts into a package.

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** What goes along as it is. */
const documents = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', '.env.example', 'schema.graphql', 'docs', 'skeleton'];

rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', import.meta.dirname], { stdio: 'inherit' });
for (const file of globSync('src/**/*.*', { cwd: root, exclude: ['**/*.ts', '**/*.js'] })) cpSync(join(root, file), join(dist, file));
for (const path of documents) cpSync(join(root, path), join(dist, path), { recursive: true });
const manifest = manifestOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
chmodSync(join(dist, 'src/command.js'), 0o755);
