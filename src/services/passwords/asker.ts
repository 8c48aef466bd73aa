import type { Client } from '../../shared/client.ts';
import { addressBlock } from '../../shared/client.ts';
import type { Lane } from './fair-queue.ts';

/** For whom a password is hashed. */
export type Asker = Lane & {
  /** Aborted when the answer is not waited for any more; null: it always is. */
  readonly signal: AbortSignal | null;
};

/** @param account its name as the client spells it: whether there is one must not show in who waits for whom */
export const askerOf = ({ ipAddress, signal }: Client, account: string): Asker => ({
  block: addressBlock(ipAddress),
  account,
  signal,
});

/** The command line: a lane of its own, since no address is spelled like this. */
export const operator: Asker = { block: 'operator', account: '', signal: null };
