import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Deps, TokenWatch } from '../../graphql/context.ts';
import type { Operation } from '../../observability/operation.ts';
import { clientOf, type TrustHop } from '../../shared/client.ts';
import { type Credentials, readAuthorization } from './authorization-header.ts';
import type { NoteUse } from './use-recorder.ts';
import type { FindViewer } from './viewer-loader.ts';

/** What every request shares. */
export type ContextOptions = Omit<Deps, 'client'> & {
  readonly findViewer: FindViewer;
  readonly noteUse: NoteUse;
  readonly tokenWatch: TokenWatch;
  readonly trustHop: TrustHop;
  /** Of the Authorization header. */
  readonly authSchemes: readonly string[];
};

/** Makes the context of each request: its viewer, and what the use cases need. */
export function createContext({ em, findViewer, noteUse, tokenWatch, trustHop, authSchemes, ...shared }: ContextOptions) {
  const [authScheme] = authSchemes;
  return async (request: IncomingMessage, response: ServerResponse, operation: Operation): Promise<Context> => {
    let made: Deps | undefined;
    const { viewer, refusal } = await identify(readAuthorization(request.headers.authorization, authSchemes), findViewer);
    if (viewer) {
      operation.userId = viewer.userId;
      operation.tokenId = viewer.tokenId;
      if (!viewer.isNoted) noteUse(viewer.tokenId);
    }
    const deps = () => (made ??= { em: em.fork(), client: clientOf(request, response, trustHop), ...shared });
    return { tokenWatch, deps, renewDeps: () => (made = undefined), viewer, refusal, authScheme, operation };
  };
}

/** A bad header never fails the request: guarded fields report it, public ones do not care. */
async function identify(credentials: Credentials, findViewer: FindViewer): Promise<Pick<Context, 'viewer' | 'refusal'>> {
  if ('refusal' in credentials) return { viewer: null, refusal: credentials.refusal };
  const viewer = await findViewer(credentials.key);
  if (!viewer) return { viewer: null, refusal: 'unknown' };
  if (viewer.isExpired) return { viewer: null, refusal: 'expired' };
  return viewer.isActive ? { viewer, refusal: null } : { viewer: null, refusal: 'inactive' };
}
