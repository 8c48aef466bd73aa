import type { TokenPolicy } from '../../config/tokens.ts';
import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { blank, type FieldError, inThePast, onField, type Problem, passwordIncorrect, tooFarAway } from '../../shared/field-errors.ts';
import { problemsOfText, trim } from '../../shared/text.ts';
import { Mail } from '../mail/mail.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { User } from '../users/user.ts';
import { issueToken } from './issue-token.ts';
import { type NewToken, TOKEN_NAME_MAX_LENGTH } from './token.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'tokenPolicy' | 'client' | 'mail'> & { readonly viewer: Viewer };
type Order = { readonly name: string; readonly password: string; readonly expiresAt: Date | null };
export type CreateTokenOutcome = NewToken | { errors: FieldError[] } | Throttled;

/** Issues a named key for a script and informs the owner by mail. Asks for the password again, so that a stolen token cannot create others. */
export async function createToken(deps: Needs, { name, password, expiresAt }: Order): Promise<CreateTokenOutcome> {
  const errors = [
    ...onField('name', trim(name, TOKEN_NAME_MAX_LENGTH) === '' ? [blank] : problemsOfText(name, TOKEN_NAME_MAX_LENGTH)),
    ...onField('expiresAt', expiresAt ? problemsOfEnd(expiresAt, deps.tokenPolicy) : []),
  ];
  if (errors.length > 0) return { errors };
  const user = await confirmPassword(deps, password);
  const refused = { errors: onField('password', [passwordIncorrect]) };
  if (!user) return refused;
  if ('retryAfter' in user) return user;
  const { tokenPolicy, client, mail } = deps;
  const outcome = await deps.em.transactional(async (em) => {
    if (!(await em.getRepository(User).lockUnchanged(user))) return refused;
    if (mail) await em.getRepository(Mail).enqueue({ user, kind: 'TOKEN_CREATED', recipient: user.email });
    return issueToken({ em, tokenPolicy }, { user, name, client, expiresAt, as: 'TOKEN_CREATED' });
  });
  mail?.nudge();
  return outcome;
}

const LAST_YEAR = Date.UTC(9999, 11, 31, 23, 59, 59); // PostgreSQL and JavaScript write later dates differently

function problemsOfEnd(expiresAt: Date, { maxExpiry }: TokenPolicy): Problem[] {
  if (expiresAt.getTime() <= Date.now()) return [inThePast];
  const latest = Math.min(LAST_YEAR, Date.now() + (maxExpiry ?? Infinity) * 1000);
  return expiresAt.getTime() > latest ? [tooFarAway(new Date(latest))] : [];
}
