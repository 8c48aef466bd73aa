import { ownUser } from '../../features/users/own-user.ts';
import type { Viewer } from '../../graphql/context.ts';

/** What others are told of a token that is good. The names are those of RFC 7662. */
export type Claims = {
  readonly active: true;
  /** The user's id. */
  readonly sub: string;
  readonly username: string;
  /** Separated by blanks. */
  readonly scope: string;
  readonly token_id: string;
  /** In seconds since 1970; absent when the token never ends. Use may put it off. */
  readonly exp?: number;
};

/** The scopes that a viewer has, the built-in ones first. */
export const scopesHeld = ({ isStaff, isSuperuser, scopes }: Viewer): string[] => [
  ...(isStaff ? ['staff'] : []),
  ...(isSuperuser ? ['superuser'] : []),
  ...scopes,
];

export const claimsOf = (viewer: Viewer): Claims => ({
  active: true,
  sub: String(viewer.userId),
  username: ownUser(viewer).username,
  scope: scopesHeld(viewer).join(' '),
  token_id: viewer.tokenId,
  ...(viewer.end !== null && { exp: Math.floor(viewer.end) }),
});
