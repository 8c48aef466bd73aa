import type { Refusal } from '../errors.ts';

export type Credentials = { key: string } | { refusal: Refusal };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `Token <key>` as DRF's TokenAuthentication does; another scheme counts as no credentials.
 * @param header Latin-1, one character a byte, as Node delivers it.
 */
export function readAuthorization(header: string | undefined): Credentials {
  if (header === undefined) return { refusal: 'missing' };
  const [scheme, key, ...more] = header.split(/[\t\n\v\f\r ]+/).filter(Boolean);
  if (scheme?.toLowerCase() !== 'token') return { refusal: 'missing' };
  if (key === undefined) return { refusal: 'empty' };
  if (more.length > 0) return { refusal: 'spaces' };
  try {
    return { key: utf8.decode(Buffer.from(key, 'latin1')) };
  } catch {
    return { refusal: 'encoding' };
  }
}
