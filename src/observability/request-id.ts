import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TrustHop } from '../shared/client.ts';
import { hasForm } from '../shared/text.ts';

/** What an id may look like that comes from outside: it goes into a header and the log. */
const wellFormed = /^[\w.:-]{1,100}$/;
const MAX_LENGTH = 100;

/** The request's id: the one that a trusted proxy has given it, else a new one. Anybody else could choose that of another request. */
export function requestIdOf({ headers, socket }: IncomingMessage, trust: TrustHop): string {
  const given = headers['x-request-id'];
  if (given === undefined) return randomUUID();
  const isTrusted = socket.remoteAddress !== undefined && trust(socket.remoteAddress, 0);
  return isTrusted && typeof given === 'string' && hasForm(given, wellFormed, MAX_LENGTH) ? given : randomUUID();
}
