import { createLRUCache } from 'graphql-yoga';
import Negotiator from 'negotiator';
import { EVENTS_TYPE } from '../endpoint/accepted.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/** All are UTF-8, whether a client says so or not. Where it has no preference, the first. */
const available = [JSON_TYPE, GRAPHQL_TYPE, EVENTS_TYPE].flatMap((type) => [type, `${type};charset=utf-8`]);

/** UTF-16 units. The longest honest header has 200; to understand one of 16,000 takes 28 ms. */
const MAX_LENGTH = 1000;

/** Clients send one of a few headers. */
const MAX_KNOWN = 100;

/** What to tell Yoga that a client accepts; undefined: nothing of ours. */
export type Negotiate = (accept: string | undefined) => string | undefined;

/** Negotiates the media types of answers, and keeps the outcomes: one costs up to a third of a request. */
export function createNegotiation(): Negotiate {
  const known = createLRUCache<{ readonly types: string | undefined }>({ max: MAX_KNOWN });
  return (accept = '*/*') => {
    if (accept.length > MAX_LENGTH) return undefined;
    const found = known.get(accept) ?? { types: negotiate(accept) };
    known.set(accept, found);
    return found.types;
  };
}

/** The type that the client likes best, after that of subscriptions where it takes that as well. */
function negotiate(accept: string): string | undefined {
  const types = new Negotiator({ headers: { accept } }).mediaTypes(available).map((type) => type.split(';', 1)[0]);
  const [best] = types;
  return best !== EVENTS_TYPE && types.includes(EVENTS_TYPE) ? `${EVENTS_TYPE}, ${best}` : best;
}
