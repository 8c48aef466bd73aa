import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { usernameOf } from '../bed/seed.ts';
import { keyOf } from '../load/request.ts';
import { type Arrival, logIn } from './person.ts';

export const FOREIGNERS = 40;
const ATTACKERS = 6; // accounts; the first ones
const LEAD = 3; // seconds that the flood is ahead
const PAUSE = 500; // milliseconds between two logins from elsewhere

/** Logins from elsewhere, each from an address of its own, while six accounts of one address keep calling `createToken`. */
export async function flood(url: string): Promise<Arrival[]> {
  const keys = Array.from({ length: ATTACKERS }, (_, n) => keyOf(n));
  const seconds = LEAD + (FOREIGNERS * PAUSE) / 1000;
  const flooder = fork(new URL('./flooder.ts', import.meta.url), [url, String(seconds), ...keys]);
  const ended = once(flooder, 'exit');
  await setTimeout(LEAD * 1000);
  const arrivals = await Promise.all(Array.from({ length: FOREIGNERS }, (_, n) => arrive(url, n)));
  await ended;
  return arrivals;
}

/** @param n of which person, and so when and from where */
async function arrive(url: string, n: number): Promise<Arrival> {
  await setTimeout(n * PAUSE);
  return logIn({ url, username: usernameOf(ATTACKERS + 2 + n), address: `203.0.113.${n}` }, 0);
}
