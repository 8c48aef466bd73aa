import DataLoader from 'dataloader';
import type { Lookup, TokenRepository } from '../../features/tokens/token.ts';
import type { Viewer } from '../../graphql/context.ts';
import { digestOf, oldKnoxDigestOf } from '../../shared/key.ts';

/** Finds the viewer behind a key, or null. */
export type FindViewer = (key: string) => Promise<Viewer | null>;

/**
 * One query answers every request of the same event-loop tick. Nothing is cached,
 * so a revoked token is refused on the very next request, on every node.
 */
export function createViewerLoader(tokens: TokenRepository, lookup: Lookup): FindViewer {
  const loader = new DataLoader<string, Viewer | null>(
    async (digests) => {
      const viewers = await tokens.findViewers(digests, lookup);
      return digests.map((digest) => viewers.get(digest) ?? null);
    },
    { cache: false, batchScheduleFn: (dispatch) => setImmediate(dispatch) },
  );
  return (key) => {
    const old = oldKnoxDigestOf(key);
    return old === null ? loader.load(digestOf(key)) : either(loader.load(digestOf(key)), loader.load(old));
  };
}

const either = async (one: Promise<Viewer | null>, other: Promise<Viewer | null>): Promise<Viewer | null> => (await one) ?? other;
