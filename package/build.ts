import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { manifestOf } from './manifest.ts';

const root = resolve(import.meta.dirname, '..');

/** What goes along as it is. */
const documents = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', '.env.example', 'schema.graphql', 'docs', 'skeleton'];

/** Makes in a folder what `npm pack` puts into a package. Deletes what was there. */
function build(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const project of ['tsconfig.json', 'web.tsconfig.json']) {
    const args = [tsc, '--project', join(import.meta.dirname, project), '--outDir', folder];
    execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  }
  const files = globSync(['src/**/*.*', 'web/**/*.css'], { cwd: root, exclude: ['**/*.ts', '**/*.js'] });
  for (const path of [...files, ...documents]) cpSync(join(root, path), join(folder, path), { recursive: true });
  const manifest = manifestOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  chmodSync(join(folder, 'src/command.js'), 0o755);
}

build(resolve(process.argv[2] ?? join(root, 'dist')));
