import { endTokens } from '../tokens/revoke-tokens.ts';
import { type ActRefusal, actOn, type Deps } from './act-on.ts';

/** Ends all tokens of somebody. How many. */
export const revokeUserTokens = (deps: Deps, id: string): Promise<number | ActRefusal> =>
  actOn(deps, { id, by: 'staff', toOneself: true }, ({ em, actor, target }) => endTokens(em, { user: target, client: deps.client, actor }));
