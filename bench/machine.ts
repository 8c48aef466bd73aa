import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bed } from './bed/bed.ts';

/** What a figure was measured on. */
export async function describeMachine(sql: Bed['sql']) {
  const { rows } = await sql.query<{ server_version: string }>('show server_version');
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    postgres: rows[0]?.server_version ?? 'unknown',
    date: new Date().toISOString().slice(0, 10),
  };
}

const folder = fileURLToPath(new URL('./results/', import.meta.url));

/** Writes a file into bench/results. */
export function writeResult(name: string, content: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + name, content);
}

/** What a JSON file there holds by name; nothing when there is none yet. */
export function readResult(name: string): Record<string, object> {
  return existsSync(folder + name) ? JSON.parse(readFileSync(folder + name, 'utf8')) : {};
}
