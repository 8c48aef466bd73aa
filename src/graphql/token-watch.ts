/** Why a token no longer signs anybody in, with what each means, as `schema.graphql` describes them. */
export const tokenEnds = {
  REVOKED: 'Somebody ended it.',
  EXPIRED: 'It reached the end of its time.',
  INACTIVE: 'The account was deactivated.',
} as const;

export type TokenEnd = keyof typeof tokenEnds;

export type TokenWatch = {
  /** Resolves within a second of the token's end, on whichever node it was ended; null when `signal` aborts first. */
  readonly untilEnded: (tokenId: string, signal: AbortSignal) => Promise<TokenEnd | null>;
  /** Lets go of everybody who waits. */
  readonly stop: () => Promise<void>;
};
