import type { Refusal } from '../../shared/errors.ts';

export type Credentials = { key: string } | { refusal: Refusal };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `Token <key>` as DRF's TokenAuthentication does; another scheme counts as no credentials.
 * @param header Latin-1, one character a byte, as Node delivers it.
 * @param schemes what may stand for `Token`, in any case
 */
export function readAuthorization(header: string | undefined, schemes: readonly string[]): Credentials {
  if (header === undefined) return { refusal: 'missing' };
  const [scheme, key, ...more] = header.split(/[\t\n\v\f\r ]+/).filter(Boolean);
  if (scheme === undefined) return { refusal: 'missing' };
  if (!schemes.some((known) => known.toLowerCase() === scheme.toLowerCase())) return { refusal: 'scheme' };
  if (key === undefined) return { refusal: 'empty' };
  if (more.length > 0) return { refusal: 'spaces' };
  try {
    return { key: utf8.decode(Buffer.from(key, 'latin1')) };
  } catch {
    return { refusal: 'encoding' };
  }
}
