import { useEffect, useState } from 'preact/hooks';

/** Shows another page without loading one. */
export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** The place in the address bar, as in `/account/login`, and its `?` part. */
export function usePlace(): { readonly path: string; readonly search: URLSearchParams } {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const onMove = () => setTurn((last) => last + 1);
    addEventListener('popstate', onMove);
    return () => removeEventListener('popstate', onMove);
  }, []);
  return { path: location.pathname.replace(/(.)\/$/, '$1'), search: new URLSearchParams(location.search) };
}

/** Lets links within a part of the site open without loading a page. @param prefix as in `/account` */
export function followLinks(prefix: string): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.target !== '' || !`${link.pathname}/`.startsWith(`${prefix}/`)) return;
    event.preventDefault();
    if (link.href !== location.href) go(link.href);
  });
}

/** Where to go after signing in: only to a page of this server: a link may say anything. */
export function nextOf(search: URLSearchParams, otherwise: string): string {
  const next = search.get('next') ?? '';
  return /^\/(account|admin)(\/[\w/-]*)?$/.test(next) ? next : otherwise;
}

/** The secret behind the `#` of a mailed link, once: it does not stay in the address bar or in the history. */
export function takeSecret(): string {
  const secret = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (location.hash) history.replaceState(null, '', location.pathname);
  return secret;
}
