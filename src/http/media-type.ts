const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/**
 * The media type to answer with: of the two that GraphQL over HTTP has, the one the client names first.
 * Undefined when it takes neither.
 */
export function mediaTypeFor(accept = '*/*'): string | undefined {
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  const range = ranges.find((range) => range === GRAPHQL_TYPE || range === JSON_TYPE || range === 'application/*' || range === '*/*');
  return range?.endsWith('*') ? JSON_TYPE : range;
}
