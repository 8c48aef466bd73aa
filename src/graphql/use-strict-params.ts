import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badRequest, badUserInput } from '../errors.ts';

/** Levels of lists and objects, the variables themselves included. The deepest honest ones have 2. */
const MAX_NESTING = 10;

/**
 * Reads a request's parameters instead of Yoga's parsers. Those quote what they stumble over, which may be a password, and
 * turn bytes that are not UTF-8 into U+FFFD, which would make different passwords equal.
 */
export const useStrictParams = (): Plugin => ({
  onRequestParse: ({ request, setRequestParser }) => setRequestParser(request.method === 'GET' ? readUrl : readBody),
  onParams({ params }) {
    if (params.query === undefined || params.query === null) throw badRequest('There is no query.');
    if (isDeeper(params.variables, MAX_NESTING)) throw badUserInput(`Variables may be nested at most ${MAX_NESTING} levels deep.`);
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

/** Whether lists and objects are nested deeper than that; never looks further down. */
const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
