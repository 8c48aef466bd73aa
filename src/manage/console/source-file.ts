import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file of a project, with its folder. Other users may read it, unlike what commands write else: images are built of it. */
export function writeSource(path: string, text: string): void {
  if (mkdirSync(dirname(path), { recursive: true, mode: 0o755 }) !== undefined) chmodSync(dirname(path), 0o755);
  writeFileSync(path, text, { flag: 'wx' });
  chmodSync(path, 0o644);
}
