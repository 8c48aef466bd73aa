import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkOutWorkingTree } from './clean-checkout.ts';

/** A package as `npm pack` made it. */
export type Packed = { readonly tarball: string; readonly paths: readonly string[]; readonly size: number; readonly unpackedSize: number };

/** Builds what is checked out in a folder, and packs it beside. */
function buildAndPack(source: string): Packed {
  symlinkSync(resolve('node_modules'), join(source, 'node_modules'));
  execFileSync(process.execPath, ['package/build.ts'], { cwd: source, stdio: 'pipe' });
  const args = ['pack', '--json', '--pack-destination', source];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: join(source, 'dist'), encoding: 'utf8', stdio: 'pipe' }));
  const paths = packed.files.map(({ path }: { path: string }) => path);
  return { tarball: join(source, packed.filename), paths, size: packed.size, unpackedSize: packed.unpackedSize };
}

/** Packs the files as they are here. @param folder to work in; made */
export function packThisVersion(folder: string): Packed {
  checkOutWorkingTree(folder);
  return buildAndPack(folder);
}

/** The version of the next one, a new minor. */
export function nextVersion(): string {
  const [major, minor] = JSON.parse(readFileSync('package.json', 'utf8')).version.split('.').map(Number);
  return `${major}.${minor + 1}.0`;
}

/** Packs a next version, with a new column of users, its migration, and its field. @param folder to work in; made */
export function packNextVersion(folder: string): Packed {
  checkOutWorkingTree(folder);
  edit(join(folder, 'package.json'), /"version": ".*"/, `"version": "${nextVersion()}"`);
  edit(
    join(folder, 'src/features/users/user.ts'),
    '    lastLogin: p.',
    "    locale: p.string().length(10).default('en'),\n    lastLogin: p.",
  );
  edit(
    join(folder, 'src/features/users/user.graphql.ts'),
    "    dateJoined: t.expose('dateJoined'",
    "    locale: t.exposeString('locale', { description: 'The language.' }),\n    dateJoined: t.expose('dateJoined'",
  );
  const name = 'Migration20991231000000_locale';
  writeFileSync(
    join(folder, `migrations/${name}.ts`),
    `import { Migration } from '@mikro-orm/migrations';

export class ${name} extends Migration {
  override up(): void {
    this.addSql("alter table users add column locale varchar(10) not null default 'en'");
  }
}
`,
  );
  return buildAndPack(folder);
}

function edit(file: string, from: string | RegExp, to: string): void {
  const source = readFileSync(file, 'utf8');
  const edited = source.replace(from, () => to);
  if (edited === source) throw new Error(`${file} has no ${from}`);
  writeFileSync(file, edited);
}
