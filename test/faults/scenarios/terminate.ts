import { setTimeout } from 'node:timers/promises';
import type { Site } from '../site.ts';
import { type Sighting, throughFault } from './under-load.ts';

type Options = { readonly site: Site; readonly clients: number; readonly times: number };

export type Terminated = Sighting & {
  /** Back ends that were ended. */
  readonly ended: number;
  /** Answers of each kind that were not right. */
  readonly failedReads: number;
  readonly failedWrites: number;
};

const TERMINATE = `
  select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

/** Ends all back ends of the database, again and again, under load. */
export async function terminateUnderLoad({ site, clients, times }: Options): Promise<Terminated> {
  let ended = 0;
  const fault = async () => {
    for (let n = 0; n < times; n++) {
      const [row] = await site.sql(TERMINATE);
      ended += Number(row?.ended);
      await setTimeout(500);
    }
  };
  const sighting = await throughFault({ site, clients, fault, afterwards: 1000 });
  const failed = sighting.crowd.answers.filter(({ outcome }) => outcome !== 'right');
  const failedReads = failed.filter(({ isRead }) => isRead).length;
  return { ...sighting, ended, failedReads, failedWrites: failed.length - failedReads };
}
