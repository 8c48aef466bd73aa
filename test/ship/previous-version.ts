import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkOut } from './clean-checkout.ts';

const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();

/**
 * What this version replaces: the last release; before there is one, the commit before the newest migration came in. `PREVIOUS` names
 * another one.
 */
export function previousCommit(): string {
  if (process.env.PREVIOUS) return git('rev-parse', '--verify', `${process.env.PREVIOUS}^{commit}`);
  if (git('rev-parse', '--is-shallow-repository') === 'true') throw new Error('This clone is shallow: `git fetch --unshallow --tags`.');
  const [release] = git('tag', '--list', 'v*', '--sort=-version:refname', '--merged').split('\n');
  if (release) return git('rev-parse', `${release}^{commit}`);
  const newest = readdirSync('migrations').sort().at(-1);
  const added = git('log', '--diff-filter=A', '--format=%H', '--', `migrations/${newest}`).split('\n').at(-1);
  return git('rev-parse', '--verify', `${added || 'HEAD'}^`);
}

type Package = { readonly dependencies: Record<string, string>; readonly scripts: { readonly start: string } };
const packageOf = (folder: string): Package => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Checks a version out and gives it its packages: ours where they are the same, because that is quicker. @returns what `npm start` runs */
export function install(commit: string, folder: string): readonly string[] {
  checkOut(commit, folder);
  const ours = packageOf('.').dependencies;
  const { dependencies, scripts } = packageOf(folder);
  const areSame = Object.entries(dependencies).every(([name, version]) => ours[name] === version);
  if (areSame) symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  else execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
  const [program, ...args] = scripts.start.replace(/^exec /, '').split(' ');
  if (program !== 'node') throw new Error(`npm start of ${commit} runs ${scripts.start}`);
  return args;
}
