import { usernameOf } from '../bed/seed.ts';
import { type Arrival, logIn } from './person.ts';

export const PEOPLE = 120;
const PATIENCE = 120; // seconds

/** All people of an office log in at once, behind one address, with a client that heeds `retryAfter`. */
export const office = (url: string): Promise<Arrival[]> =>
  Promise.all(Array.from({ length: PEOPLE }, (_, n) => logIn({ url, username: usernameOf(n + 1), address: '203.0.113.1' }, PATIENCE)));
