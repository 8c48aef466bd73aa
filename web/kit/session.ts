/**
 * The token is kept in sessionStorage: it ends with the tab, other tabs and programs that read the profile from the disk do not get it,
 * and no request carries it by itself, so that another site cannot use it (CSRF). Scripts of this origin could read it, as they could use
 * any cookie: that is why the pages run no script and no HTML but their own (CSP with hashes, Trusted Types).
 */
const KEY = 'token';

/** Why people have to sign in once more. */
export type SignedOut = 'EXPIRED' | 'INACTIVE' | 'REVOKED';
const REASON = 'signed-out';

export const token = (): string | null => sessionStorage.getItem(KEY);

export function keepToken(key: string): void {
  sessionStorage.removeItem(REASON);
  sessionStorage.setItem(KEY, key);
}

/** @param reason to tell on the next page; left out when the person wanted it */
export function dropToken(reason?: SignedOut): void {
  sessionStorage.removeItem(KEY);
  if (reason) sessionStorage.setItem(REASON, reason);
}

/** Why the last session ended; null: the person wanted it, or there was none. */
export function reasonOfEnd(): SignedOut | null {
  const reason = sessionStorage.getItem(REASON);
  return reason === 'EXPIRED' || reason === 'INACTIVE' || reason === 'REVOKED' ? reason : null;
}
