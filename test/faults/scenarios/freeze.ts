import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rawRequest } from '../../support/client/raw-request.ts';
import type { BreakablePostgres } from '../../support/database/postgres-server.ts';
import type { Site } from '../site.ts';
import { type Sighting, throughFault } from './under-load.ts';

type Options = {
  readonly postgres: BreakablePostgres;
  readonly site: Site;
  readonly clients: number;
  readonly seconds: number /** Milliseconds. */;
  readonly afterwards: number;
};

export type Frozen = Sighting & {
  /** Milliseconds the slowest `/readyz` took to say 503. */
  readonly readyz: number;
  /** What the probes answered that they should not have. */
  readonly misled: readonly string[];
  /** Megabytes of resident memory: before, at most, and when it was over. */
  readonly memory: { readonly before: number; readonly most: number; readonly after: number };
};

/** Freezes PostgreSQL under load, and probes the server once a second. */
export async function freezeUnderLoad({ postgres, site, clients, seconds, afterwards }: Options): Promise<Frozen> {
  const memory = { before: 0, most: 0, after: 0 };
  const misled: string[] = [];
  let readyz = 0;
  const probe = async (n: number) => {
    const [alive, ready] = await Promise.all([timed(site.url, '/livez'), timed(site.url, '/readyz')]);
    readyz = Math.max(readyz, ready.took);
    if (alive.status !== 200 || ready.status !== 503) misled.push(`probe ${n}: /livez ${alive.status}, /readyz ${ready.status}`);
    memory.most = Math.max(memory.most, await megabytesOf(site.pid));
  };
  const fault = async () => {
    memory.before = await megabytesOf(site.pid);
    await postgres.freeze();
    const probes: Promise<void>[] = [];
    for (let n = 0; n < seconds; n++) {
      probes.push(probe(n));
      await setTimeout(1000);
    }
    await Promise.all(probes);
    await postgres.thaw();
  };
  const sighting = await throughFault({ site, clients, fault, afterwards });
  memory.after = await megabytesOf(site.pid);
  return { ...sighting, readyz, misled, memory };
}

async function timed(url: string, path: string): Promise<{ status: number; took: number }> {
  const started = performance.now();
  const { status } = await rawRequest(url, { path });
  return { status, took: performance.now() - started };
}

async function megabytesOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Math.round(Number(stdout) / 1024);
}
