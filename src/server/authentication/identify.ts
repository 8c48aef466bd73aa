import type { Context } from '../../graphql/context.ts';
import type { Operation } from '../../observability/operation.ts';
import type { Credentials } from './authorization-header.ts';
import type { NoteUse } from './use-recorder.ts';
import type { FindViewer } from './viewer-loader.ts';

/** Who is asking, or why that is not known. */
export type Identity = Pick<Context, 'viewer' | 'refusal'>;

/** Finds the viewer behind credentials, and notes the use of the token. */
export type Identify = (credentials: Credentials, operation: Operation) => Promise<Identity>;

type Options = { readonly findViewer: FindViewer; readonly noteUse: NoteUse };

export const createIdentify =
  ({ findViewer, noteUse }: Options): Identify =>
  async (credentials, operation) => {
    const identity = await identityOf(credentials, findViewer);
    const { viewer } = identity;
    if (!viewer) return identity;
    operation.userId = viewer.userId;
    operation.tokenId = viewer.tokenId;
    if (!viewer.isNoted) noteUse(viewer.tokenId);
    return identity;
  };

/** A bad header never fails the request: guarded fields report it, public ones do not care. */
async function identityOf(credentials: Credentials, findViewer: FindViewer): Promise<Identity> {
  if ('refusal' in credentials) return { viewer: null, refusal: credentials.refusal };
  const viewer = await findViewer(credentials.key);
  if (!viewer) return { viewer: null, refusal: 'unknown' };
  if (viewer.isExpired) return { viewer: null, refusal: 'expired' };
  return viewer.isActive ? { viewer, refusal: null } : { viewer: null, refusal: 'inactive' };
}
