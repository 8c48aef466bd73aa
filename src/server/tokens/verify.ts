import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { addressBlock } from '../../shared/client.ts';
import { readAuthorization } from '../authentication/authorization-header.ts';
import type { Identify } from '../authentication/identify.ts';
import { type Answer, refusalOf, serveRoute } from './answer.ts';
import { type Claims, claimsOf, scopesHeld } from './claims.ts';
import type { UnknownTokens } from './unknown-tokens.ts';

/** AUTH_SCHEMES does not matter here: proxies pass on what their clients send. */
export const SCHEMES = ['Token', 'Bearer'];

type Options = {
  readonly identify: Identify;
  readonly observer: Observer;
  readonly log: Log;
  readonly unknownTokens: UnknownTokens;
};

/**
 * `/verify` tells a proxy or another server who is asking. The status is the answer: 200 only with a viewer who has every scope of
 * `?scope=`. Any method will do, and no body is read.
 */
export function createVerify({ identify, observer, log, unknownTokens }: Options) {
  return serveRoute({ observer, log, type: 'verify' }, async (request, operation) => {
    const wanted = wishOf(request);
    if (!wanted) return { status: 400, body: { active: false, reason: 'BAD_REQUEST' } };
    const { viewer, refusal } = await identify(readAuthorization(request.headers.authorization, SCHEMES), operation);
    if (!viewer) return unknownTokens.tooMany(refusal, addressBlock(operation.address)) ?? refusalOf(refusal);
    const held = ['authenticated', ...scopesHeld(viewer)];
    if (!wanted.scopes.every((scope) => held.includes(scope))) return { status: 403, body: { active: true, reason: 'FORBIDDEN' } };
    return acceptance(viewer, wanted.asHasura);
  });
}

type Wish = { readonly scopes: readonly string[]; readonly asHasura: boolean };

/** Null: the answer is asked for in a form that does not exist. An empty scope is one that no viewer has. */
function wishOf({ url = '' }: IncomingMessage): Wish | null {
  const query = url.indexOf('?');
  const parameters = new URLSearchParams(query < 0 ? '' : url.slice(query));
  const forms = parameters.getAll('as');
  if (forms.some((form) => form !== 'hasura')) return null;
  return { scopes: parameters.getAll('scope').flatMap((list) => list.split(' ')), asHasura: forms.length > 0 };
}

function acceptance(viewer: Viewer, asHasura: boolean): Answer {
  const claims = claimsOf(viewer);
  return { status: 200, body: asHasura ? hasuraVariables(claims) : claims, headers: headersOf(claims) };
}

/** For proxies, which read no body. Names are percent-encoded UTF-8: a header has Latin-1 only. */
const headersOf = ({ sub, username, scope, token_id }: Claims) => ({
  'X-Auth-User-Id': sub,
  'X-Auth-Username': encodeURIComponent(username),
  'X-Auth-Scopes': scope,
  'X-Auth-Token-Id': token_id,
});

/** What Hasura's webhook takes. Its roles are chosen by X-Hasura-Role; a viewer without a scope is a `user`. */
function hasuraVariables({ sub, username, scope, exp }: Claims) {
  const roles = ['user', ...scope.split(' ').filter(Boolean)];
  return {
    'X-Hasura-Role': 'user',
    'X-Hasura-Allowed-Roles': roles.join(),
    'X-Hasura-User-Id': sub,
    'X-Hasura-Username': username,
    ...(exp !== undefined && { Expires: new Date(exp * 1000).toUTCString() }),
  };
}
