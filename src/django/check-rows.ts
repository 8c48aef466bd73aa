import { EMAIL_MAX_LENGTH } from '../features/users/email.ts';
import { NAME_MAX_LENGTH } from '../features/users/profile.ts';
import { canonicalUsername, USERNAME_MAX_LENGTH } from '../features/users/username.ts';
import { parseHash } from '../services/passwords/stored-hash.ts';
import { digestOf } from '../shared/key.ts';
import { lengthOf } from '../shared/text.ts';
import type { DjangoUser, DrfToken, KnoxToken } from './snapshot.ts';

/** A user as the merge takes them; the names are those of its columns. @param tokens the marks of their tokens, as PostgreSQL writes an array */
export type StagedUser = DjangoUser & { readonly canonical: string; readonly tokens: string };

/** A token as the merge takes it. @param mark what is remembered of it: enough to know it again, and what knox finds it by */
export type StagedToken = {
  readonly digest: string;
  readonly user_id: string;
  readonly kind: 'token' | 'knox';
  readonly created: string | null;
  readonly expiry: string | null;
  readonly mark: string;
};

/** A token that cannot be stored here, and why. */
export type RefusedToken = { readonly kind: 'token' | 'knox'; readonly problem: string };

/** The highest id that fits. */
export const MAX_ID = 2_147_483_647;
const PASSWORD_MAX_LENGTH = 255;
const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

/** What a client could not be told: beyond these years, or infinite. */
const BAD_DATE = 'a date is not between the years 1 and 9999';
const areDates = (...dates: readonly (string | null)[]): boolean => dates.every((at) => at === null || time.test(at));

/** Why a user cannot be stored here, or null. */
export function problemOfUser(user: DjangoUser): string | null {
  const id = Number(user.id);
  if (id < 1 || id > MAX_ID) return 'the id is not between 1 and 2147483647';
  if (user.username === '') return 'the username is empty';
  if (lengthOf(user.username) > USERNAME_MAX_LENGTH) return `the username has more than ${USERNAME_MAX_LENGTH} characters`;
  if (lengthOf(user.email) > EMAIL_MAX_LENGTH) return `the email address has more than ${EMAIL_MAX_LENGTH} characters`;
  if (lengthOf(user.first_name) > NAME_MAX_LENGTH || lengthOf(user.last_name) > NAME_MAX_LENGTH)
    return `a name has more than ${NAME_MAX_LENGTH} characters`;
  if (lengthOf(user.password) > PASSWORD_MAX_LENGTH) return `the password hash has more than ${PASSWORD_MAX_LENGTH} characters`;
  if (Object.values(user).some((value) => typeof value === 'string' && value.includes('\0'))) return 'a text has a NUL character';
  return areDates(user.date_joined, user.last_login) ? null : BAD_DATE;
}

/** Why a user who can be stored could not log in with a password that is right in Django, or null. */
export function obstacleOfUser({ password }: DjangoUser): string | null {
  if (isUnusable(password) || parseHash(password)) return null;
  return `taken over, but cannot log in before a reset: the password hash (${formatOf(password)}) cannot be verified`;
}

/** Django's `set_unusable_password`; an empty one matches nothing either. */
const isUnusable = (encoded: string): boolean => encoded === '' || encoded.startsWith('!');

/** The name of a hash's format, for a count; nothing else of the hash. */
export function formatOf(encoded: string): string {
  if (isUnusable(encoded)) return 'unusable';
  if (/^[0-9a-f]{32}$/.test(encoded)) return 'unsalted_md5'; // Django's name for it
  return /^[a-z]\w{1,29}(?=\$)/.exec(encoded)?.[0] ?? 'unknown';
}

export const stageUser = (user: DjangoUser, marks: readonly string[]): StagedUser => ({
  ...user,
  canonical: canonicalUsername(user.username),
  tokens: `{${marks.toSorted().join()}}`,
});

const MARK_LENGTH = 32; // hex characters, as the merge has it

/** A DRF key as it is stored here, or why it cannot be. */
export function stageDrfToken({ key, user_id, created }: DrfToken): StagedToken | RefusedToken {
  if (!/^[\x21-\x7e]+$/.test(key)) return { kind: 'token', problem: 'the key is empty or has characters that no header carries' };
  if (!areDates(created)) return { kind: 'token', problem: BAD_DATE };
  const digest = digestOf(key);
  return { digest, user_id, kind: 'token', created, expiry: null, mark: digest.slice(0, MARK_LENGTH) };
}

/** A knox token as it is stored here, or why it cannot be. */
export function stageKnoxToken({ digest, user_id, created, expiry, token_key, is_salted }: KnoxToken): StagedToken | RefusedToken {
  if (is_salted) return { kind: 'knox', problem: 'the digest is salted, as old versions of knox have it' };
  if (!/^[0-9a-f]{128}$/.test(digest)) return { kind: 'knox', problem: 'the digest is not a SHA-512 in hex' };
  if (!areDates(created, expiry)) return { kind: 'knox', problem: BAD_DATE };
  return {
    digest,
    user_id,
    kind: 'knox',
    created,
    expiry,
    mark: `${digest.slice(0, MARK_LENGTH)}:${/^\w{1,25}$/.exec(token_key ?? '') ?? ''}`,
  };
}
