import type { IncomingMessage } from 'node:http';

/** UTF-16 units; a host name has 253. */
const MAX_LENGTH = 300;

const LOCALHOST = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

type Options = {
  /** As CORS_ORIGINS lists them; `*` stands for one label. */
  readonly origins: readonly string[];
  /** Whether pages of this machine may read the answers, on any port. */
  readonly localhost: boolean;
};

/** Says whether a front end at an origin may read the answers. */
export type AllowsOrigin = (origin: string) => boolean;

export function createOriginCheck({ origins, localhost }: Options): AllowsOrigin {
  const exact = new Set(origins);
  const patterns = origins.filter((origin) => origin.includes('*')).map((origin) => origin.split('*'));
  return (origin) => {
    if (exact.has(origin)) return !origin.includes('*');
    if (origin.length > MAX_LENGTH) return false;
    return (localhost && LOCALHOST.test(origin)) || patterns.some(([start = '', end = '']) => isBetween(origin, start, end));
  };
}

const isBetween = (origin: string, start: string, end: string): boolean =>
  origin.startsWith(start) && origin.endsWith(end) && /^[a-z\d_-]{1,63}$/.test(origin.slice(start.length, -end.length));

/** Whether a page of another origin made a request. Old browsers do not say so, but where they are. */
export function isForeign({ headers }: IncomingMessage, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin.slice(origin.indexOf('://') + 3) !== headers.host;
}
