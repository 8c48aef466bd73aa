import type { EntityManager } from '@mikro-orm/sql';
import { readAuthorization } from './auth/authorization-header.ts';
import type { Context } from './graphql/builder.ts';
import type { Passwords } from './passwords/passwords.ts';
import type { FindViewer } from './tokens/viewer-loader.ts';

type Deps = { em: EntityManager; passwords: Passwords; findViewer: FindViewer };

/** Makes each request's context: its EntityManager, and who is asking. */
export function createContext({ em, passwords, findViewer }: Deps) {
  return async ({ request }: { request: Request }): Promise<Context> => {
    let fork: EntityManager | undefined;
    const identity = await identify(request.headers.get('authorization'), findViewer);
    return { em: () => (fork ??= em.fork()), passwords, ...identity };
  };
}

/** A bad header never fails the request: guarded fields report it, public ones do not care. */
async function identify(header: string | null, findViewer: FindViewer): Promise<Pick<Context, 'viewer' | 'refusal'>> {
  const credentials = readAuthorization(header);
  if ('refusal' in credentials) return { viewer: null, refusal: credentials.refusal };
  const viewer = await findViewer(credentials.key);
  if (!viewer) return { viewer: null, refusal: 'unknown' };
  return viewer.isActive ? { viewer, refusal: null } : { viewer: null, refusal: 'inactive' };
}
