import { type DocumentNode, parse } from 'graphql';
import { createLRUCache, type Plugin } from 'graphql-yoga';

/** Of one document, and as many comments besides. The longest honest one is GraphiQL's introspection query: 184. */
const MAX_TOKENS = 1000;

/** Bounds what a document may cost: graphql-js's parser recurses, and 2,000 nested brackets would overflow the stack. */
export const useLimits = (): Plugin => ({
  onParse: ({ setParseFn }) =>
    setParseFn((source, options) => parse(source, { ...options, maxLexicalTokens: MAX_TOKENS, maxComments: MAX_TOKENS })),
});

/** What Yoga keeps of documents it has seen. Anybody can fill it with ones of 100 kB; by default it holds 2,048 of them. */
export const boundedCache = () => ({
  documentCache: createLRUCache<DocumentNode>({ max: 100 }),
  errorCache: createLRUCache<Error>({ max: 10 }),
});
