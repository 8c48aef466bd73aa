import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badRequest } from '../errors.ts';

/**
 * Reads a request's parameters instead of Yoga's parsers. Those quote what they stumble over, which may be a password, and
 * turn bytes that are not UTF-8 into U+FFFD, which would make different passwords equal.
 */
export const useStrictParams = (): Plugin => ({
  onRequestParse: ({ request, setRequestParser }) => setRequestParser(request.method === 'GET' ? readUrl : readBody),
  onParams({ params }) {
    if (params.query === undefined || params.query === null) throw badRequest('There is no query.');
  },
});

const utf8 = new TextDecoder('utf-8', { fatal: true });
const names = new Set(['query', 'variables', 'operationName', 'extensions']);

async function readBody(request: Request): Promise<GraphQLParams> {
  const params = parseJson('body', await textOf(request));
  if (typeof params !== 'object' || params === null || Array.isArray(params)) throw badRequest('The body must be one JSON object.');
  if (Object.keys(params).some((name) => !names.has(name))) throw badRequest(`The body may have ${[...names].join(', ')} only.`);
  return params;
}

function readUrl({ url }: Request): GraphQLParams {
  const params: GraphQLParams = {};
  for (const [name, value] of new URLSearchParams(url.slice(url.indexOf('?') + 1))) {
    if (value === '') continue;
    if (name === 'query' || name === 'operationName') params[name] = value;
    if (name === 'variables' || name === 'extensions') params[name] = parseJson(`parameter "${name}"`, value);
  }
  return params;
}

async function textOf(request: Request): Promise<string> {
  try {
    return utf8.decode(await request.bytes());
  } catch {
    throw badRequest('The body is not UTF-8, or not complete.');
  }
}

/** Typed as JSON.parse types it. Yoga checks each parameter's type. */
function parseJson(place: string, text: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The ${place} is not JSON.`);
  }
}
