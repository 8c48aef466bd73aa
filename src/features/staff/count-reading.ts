import type { Deps, Viewer } from '../../graphql/context.ts';
import { throttled } from '../../shared/errors.ts';

type Needs = Pick<Deps, 'throttle'> & { readonly viewer: Viewer };

/** Counts what staff look up: one stolen token must not copy the addresses of all users. @throws THROTTLED if they do it too often */
export async function countReading({ throttle, viewer }: Needs): Promise<void> {
  const refusal = await throttle.count([{ budget: 'staffReads', of: String(viewer.userId) }]);
  if (refusal) throw throttled(refusal.retryAfter);
}
