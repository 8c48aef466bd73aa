import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100; // a second: USER_HZ, the unit of /proc/<pid>/stat on every Linux

type Stat = { readonly pid: number; readonly parent: number; readonly ticks: number };

/** Seconds of CPU that processes have used so far, user and system: theirs, and that of all they started, ended ones included. */
export function cpuSeconds(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/** Bytes that processes and all they started hold in memory. What they share is counted in each. */
export const residentBytes = (roots: readonly number[]): number => treeOf(roots).reduce((sum, { pid }) => sum + residentOf(pid), 0);

/** @throws Error where there is no /proc */
export function requireLinux(): void {
  if (process.platform !== 'linux') throw new Error('CPU time is read from /proc, which only Linux has; a container will do.');
}

/** The process that started this one. */
export const parentOf = (pid: number): number => readStat(pid)?.parent ?? 0;

function treeOf(roots: readonly number[]): Stat[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
  const descend = (stats: Stat[]): Stat[] => stats.flatMap((stat) => [stat, ...descend(all.filter(({ parent }) => parent === stat.pid))]);
  return descend(all.filter(({ pid }) => roots.includes(pid)));
}

/** Fields as in proc(5): 4 is the parent, 14 to 17 are utime, stime, cutime and cstime. */
function readStat(pid: number): Stat | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number); // the name may hold spaces and parentheses
    const field = (n: number) => fields[n - 3] ?? 0;
    return { pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
  } catch {
    return undefined; // it has just ended; its parent has its time
  }
}

function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
