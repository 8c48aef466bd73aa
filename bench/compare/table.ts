import type { Verdict } from './verdicts.ts';

const heads = ['', 'CPU µs/request', 'server + database', 'req/s', 'p99 ms', 'ratio', 'target', 'met'];

/** The verdicts as a table for a terminal. */
export function table(verdicts: readonly Verdict[]): string {
  const rows = [heads, ...verdicts.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0));
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}

function cellsOf({ what, cost, measured, ratio, target, met }: Verdict): string[] {
  const figures = cost
    ? [cost.cpu.toFixed(0), `${cost.serverCpu.toFixed(0)} + ${cost.databaseCpu.toFixed(0)}`, cost.perSecond.toFixed(0), cost.p99.toFixed(1)]
    : ['', '', '', ''];
  const name = measured ? `${what}: ${measured}` : what;
  return [name, ...figures, ratio?.toFixed(2) ?? '', target ?? '', met === undefined ? '' : met ? 'yes' : 'NO'];
}
