import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { badRequest, badUserInput, bodyTooLarge } from '../../shared/errors.ts';

/** Bytes. The longest honest request is a registration, well under 10 kB. */
export const MAX_BODY = 100_000;

/** Levels of lists and objects, the variables themselves included. The deepest honest ones have 2. */
const MAX_NESTING = 10;

/** Keys of objects and items of lists together. The longest honest ones have 20; each costs work when it does not fit. */
const MAX_VALUES = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's parameters instead of Yoga's parsers. Those quote what they stumble over, which may be a password, and
 * turn bytes that are not UTF-8 into U+FFFD, which would make different passwords equal.
 * @throws BAD_REQUEST, BAD_USER_INPUT. Yoga checks each parameter's type.
 */
export async function readParams(request: IncomingMessage): Promise<GraphQLParams> {
  const params = request.method === 'GET' ? readUrl(request.url ?? '') : parseBody(await readBody(request));
  if (params.query === undefined || params.query === null) throw badRequest('There is no query.');
  checkSize('Variables', params.variables);
  checkSize('Extensions', params.extensions);
  return params;
}

/** Looks no further than the bounds. @param what begins the sentence that refuses them */
function checkSize(what: string, values: unknown): void {
  let left = MAX_VALUES;
  const check = (value: unknown, levels: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (levels === 0) throw badUserInput(`${what} may be nested at most ${MAX_NESTING} levels deep.`);
    left -= Array.isArray(value) ? value.length : Object.keys(value).length;
    if (left < 0) throw badUserInput(`${what} may hold at most ${MAX_VALUES} values.`);
    for (const inner of Object.values(value)) check(inner, levels - 1);
  };
  check(values, MAX_NESTING);
}

function parseBody(bytes: Buffer): GraphQLParams {
  const params = parseJson('body', decode(bytes));
  if (typeof params !== 'object' || params === null || Array.isArray(params)) throw badRequest('The body must be one JSON object.');
  const { query, variables, operationName, extensions } = params; // clients add keys of their own
  return { query, variables, operationName, extensions };
}

function readUrl(url: string): GraphQLParams {
  const params: GraphQLParams = {};
  const search = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  for (const [name, value] of new URLSearchParams(search)) {
    if (value === '') continue;
    if (name === 'query' || name === 'operationName') params[name] = value;
    if (name === 'variables' || name === 'extensions') params[name] = parseJson(`parameter "${name}"`, value);
  }
  return params;
}

/** Reads a body up to its bound; of one that is longer, the rest is let go by, so that the next request can be told from it. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request
      .on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= MAX_BODY) chunks.push(chunk);
        else reject(bodyTooLarge(MAX_BODY));
      })
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', () => reject(incomplete()));
  });
}

const incomplete = () => badRequest('The body is not UTF-8, or not complete.');

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw incomplete();
  }
}

/** Typed as JSON.parse types it. */
function parseJson(place: string, text: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The ${place} is not JSON.`);
  }
}
