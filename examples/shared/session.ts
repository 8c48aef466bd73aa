import { useSyncExternalStore } from 'react';

// The key is kept in localStorage: it survives a reload, and signing in or out reaches every tab. The threat: any script that runs on
// this origin can take it away and use it elsewhere. Kept in a variable it would be harder to find, not safe, and every reload would
// ask for the password. So let no foreign script in (the built page works under `Content-Security-Policy: default-src 'self'`), and
// let people see and revoke their devices.
const KEY = 'token';
const NOTICE = 'notice';

const subscribe = (onChange: () => void) => {
  addEventListener('storage', onChange); // the browser sends it when another tab writes
  return () => removeEventListener('storage', onChange);
};

/** The key of the signed-in user, and what to say about the last session that ended. */
export const useSession = () => ({
  token: useSyncExternalStore(subscribe, () => localStorage.getItem(KEY)),
  notice: useSyncExternalStore(subscribe, () => localStorage.getItem(NOTICE)),
});

/** @param token as login and register answer: null when they refuse */
export function beginSession(token: string | null | undefined): void {
  if (!token) return;
  localStorage.setItem(KEY, token);
  history.replaceState(null, '', '/');
  dispatchEvent(new Event('storage'));
}

/** Forgets a key that has ended. It is named: a late answer to an older key must not sign out who has signed in since. */
export function endSession(token: string | null, notice = 'Your session has ended. Please sign in again.'): void {
  if (token === null || token !== localStorage.getItem(KEY)) return;
  localStorage.removeItem(KEY);
  localStorage.setItem(NOTICE, notice);
  dispatchEvent(new Event('storage'));
}

/** Whether a guarded field refused the token. A wrong password is no such error: it is data, in the payload of `login`. */
export const isUnauthenticated = (errors: readonly { readonly extensions?: Record<string, unknown> }[]): boolean =>
  errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
