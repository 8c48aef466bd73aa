import { randomBytes } from 'node:crypto';

/** Stored where an account has no password: no password matches it. Django's `make_password(None)`, "!" and something random. */
export const unusablePassword = (): string => `!${randomBytes(20).toString('hex')}`;

/** Whether a stored password is none. */
export const isUnusable = (passwordHash: string): boolean => passwordHash.startsWith('!');
