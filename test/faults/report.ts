import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A file to note measurements in, one JSON object a line. */
    faultReport: string;
  }
}

const RESULTS = 'bench/results/faults.json';

/** What was measured, beside what was expected. */
export type Row = { readonly fault: string; readonly expected: string; readonly measured: string };

export function record(row: Row): void {
  appendFileSync(inject('faultReport'), `${JSON.stringify(row)}\n`);
  process.stdout.write(`  ${row.fault}: ${row.measured}\n`);
}

/** Prints all measurements as a table at the end, and keeps them in bench/results. */
export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'graphql-token-auth-faults-'));
  const file = join(folder, 'report.jsonl');
  writeFileSync(file, '');
  provide('faultReport', file);
  return () => {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    rmSync(folder, { recursive: true });
    if (lines.length > 0) keep(lines.map((line) => JSON.parse(line)));
  };
}

/** Those of faults that were not tried this time stay as they are. */
function keep(rows: readonly Row[]): void {
  const former: Row[] = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : [];
  const others = former.filter(({ fault }) => !rows.some((row) => row.fault === fault));
  const all = [...others, ...rows].sort((a, b) => a.fault.localeCompare(b.fault));
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
  process.stdout.write(`\n${table(rows)}\n`);
}

const table = (rows: readonly Row[]): string =>
  [
    '| fault | expected | measured |',
    '|---|---|---|',
    ...rows.map(({ fault, expected, measured }) => `| ${fault} | ${expected} | ${measured} |`),
  ].join('\n');

/** Milliseconds as seconds. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
