const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const EVENTS_TYPE = 'text/event-stream'; // for subscriptions

const accepted = new Set([GRAPHQL_TYPE, JSON_TYPE, EVENTS_TYPE, 'application/*', '*/*']);

/**
 * The media type to answer with: of the two that GraphQL over HTTP has and that of subscriptions,
 * the one the client names first. Undefined when it takes none.
 */
export function mediaTypeFor(accept = '*/*'): string | undefined {
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  const range = ranges.find((range) => range && accepted.has(range));
  return range?.endsWith('*') ? JSON_TYPE : range;
}
