import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { createLRUCache, type Plugin } from 'graphql-yoga';

/** Of one document, and as many comments besides. The longest honest one is GraphiQL's introspection query: 184. */
const MAX_TOKENS = 1000;

/** Of one document: UTF-16 units. Room for 1,000 tokens and a password of full length; introspection has 2,075. */
const MAX_CHARACTERS = 15_000;

/** Of one document: a token or a comment on each. The place of an error is found by counting them. */
const MAX_LINES = 2000;

const options = { maxLexicalTokens: MAX_TOKENS, maxComments: MAX_TOKENS };

/** Bounds what a document may cost to parse: graphql-js's parser recurses, and 2,000 nested brackets would overflow the stack. */
export const useLimits = (): Plugin => ({
  onParse: ({ setParseFn }) => setParseFn(parseWithin),
});

const parseWithin: typeof parse = (source, given) => {
  const text = typeof source === 'string' ? source : source.body;
  if (text.length > MAX_CHARACTERS) throw new GraphQLError(`The document may be at most ${MAX_CHARACTERS} characters long.`);
  if (isLonger(text, MAX_LINES)) throw new GraphQLError(`The document may be at most ${MAX_LINES} lines long.`);
  return parse(source, { ...given, ...options });
};

/** Whether a text has more than so many lines. */
const isLonger = (text: string, lines: number): boolean => text.split(/\r\n|[\n\r]/, lines + 1).length > lines;

/** What Yoga keeps of documents it has seen; by default it holds 2,048 of them, which anybody can fill with large ones. */
export const boundedCache = () => ({
  documentCache: createLRUCache<DocumentNode>({ max: 100 }),
  errorCache: createLRUCache<Error>({ max: 10 }),
});
