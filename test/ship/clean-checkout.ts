import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** What a clone of a commit has: nothing that only lies about here. @param folder where to; made */
export function checkOut(commit: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', commit], { maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
}

/** The files as they are here, committed or not, without those that git ignores. */
export function checkOutWorkingTree(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
  const archive = execFileSync('tar', ['-c', '--null', '--ignore-failed-read', '-T', '-'], { input: files, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
}
