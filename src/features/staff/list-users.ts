import type { EntityManager } from '@mikro-orm/sql';
import type { Deps, Viewer } from '../../graphql/context.ts';
import { badArgument, throttled } from '../../shared/errors.ts';
import { isStorable, lengthOf, trim } from '../../shared/text.ts';
import { User } from '../users/user.ts';
import { cursorOf, placeOf, type UserOrder } from '../users/user-order.ts';
import type { UserPage } from '../users/user-page.ts';
import { MAX_MATCHES, SEARCH_MAX_LENGTH } from '../users/user-search.ts';

/** Which users to list. Null and empty texts mean no restriction. */
type Wish = Pick<UserPage, 'order' | 'limit' | 'isActive' | 'isStaff'> & { readonly after: string | null; readonly search: string | null };

type UserEdge = { readonly node: User; readonly cursor: string };

/** Lists users after a cursor. @throws BAD_USER_INPUT for a cursor of another list and for a search that is no text or too broad */
export async function listUsers({ em }: Pick<Deps, 'em'>, { after, search, ...page }: Wish): Promise<UserEdge[]> {
  const place = readAfter(page.order, after);
  const among = await idsFor(em, trim(search ?? '', SEARCH_MAX_LENGTH));
  const listed = await em.getRepository(User).list({ ...page, after: place, among });
  return listed.map((row) => ({ node: row.user, cursor: cursorOf(page.order, row.place) }));
}

function readAfter(order: UserOrder, after: string | null) {
  const place = after ? placeOf(order, after) : null;
  if (after && !place) throw badArgument('"after" must be a cursor of this list in this order.');
  return place;
}

async function idsFor(em: EntityManager, search: string): Promise<number[] | null> {
  if (search === '') return null;
  if (!isStorable(search) || lengthOf(search) > SEARCH_MAX_LENGTH) {
    throw badArgument(`"search" must be a text of at most ${SEARCH_MAX_LENGTH} characters.`);
  }
  const ids = await em.getRepository(User).search(search);
  if (!ids) throw badArgument(`"search" finds more than ${MAX_MATCHES} users. Say more of the name.`);
  return ids;
}

type ReadingDeps = Pick<Deps, 'throttle'> & { readonly viewer: Viewer };

/** Counts what staff look up: one stolen token must not copy the addresses of all users. @throws THROTTLED if they do it too often */
export async function countReading({ throttle, viewer }: ReadingDeps): Promise<void> {
  const refusal = await throttle.count([{ budget: 'staffReads', of: String(viewer.userId) }]);
  if (refusal) throw throttled(refusal.retryAfter);
}
