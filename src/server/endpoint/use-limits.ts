import {
  type DocumentNode,
  GraphQLError,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { createLRUCache, type Plugin } from 'graphql-yoga';
import type { Limits } from '../../shared/feature.ts';
import { limitRules } from './operation-limits.ts';

/** Of one document, and as many comments besides. The longest honest one is GraphiQL's introspection query: 184. */
const MAX_TOKENS = 1000;

/** Of one document: UTF-16 units. Room for 1,000 tokens and a password of full length; introspection has 2,075. */
const MAX_CHARACTERS = 15_000;

/** Of one document: a token or a comment on each. The place of an error is found by counting them. */
const MAX_LINES = 2000;

/** Of each stage of rules. To make and mask an error costs more than to find it, and ten are enough to go on with. */
const MAX_ERRORS = 10;

const parseOptions = { maxLexicalTokens: MAX_TOKENS, maxComments: MAX_TOKENS };

/**
 * Bounds what a document may cost to parse, to validate and to execute. Nested brackets by the thousand would overflow the stack of
 * graphql-js's parser, which recurses.
 * @param options.introspection false: no suggestion of a similar name may give the schema away
 */
export function useLimits({ introspection, limits }: { readonly introspection: boolean; readonly limits: Limits }): Plugin {
  const validateWithin = validator(limitRules(limits), { hideSuggestions: !introspection, maxErrors: MAX_ERRORS });
  return {
    onParse: ({ setParseFn }) => setParseFn(parseWithin),
    onValidate: ({ setValidationFn }) => setValidationFn(validateWithin),
  };
}

const parseWithin: typeof parse = (source, given) => {
  const text = typeof source === 'string' ? source : source.body;
  if (text.length > MAX_CHARACTERS) throw new GraphQLError(`The document may be at most ${MAX_CHARACTERS} characters long.`);
  if (isLonger(text, MAX_LINES)) throw new GraphQLError(`The document may be at most ${MAX_LINES} lines long.`);
  return parse(source, { ...given, ...parseOptions });
};

/** Whether a text has more than so many lines. */
const isLonger = (text: string, lines: number): boolean => text.split(/\r\n|[\n\r]/, lines + 1).length > lines;

/**
 * Validates a document; Yoga keeps the outcome with it. The limits come first: rules whose work grows faster than the document
 * never see one that is over a limit. The rule that compares all fields with each other comes last: most fields fit into a
 * document that names things that do not exist.
 */
const validator =
  (bounds: readonly ValidationRule[], options: NonNullable<Parameters<typeof validate>[3]>): typeof validate =>
  (schema, document, rules = specifiedRules) => {
    const others = rules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);
    for (const stage of [bounds, others, [OverlappingFieldsCanBeMergedRule]]) {
      const errors = validate(schema, document, stage, options);
      if (errors.length > 0) return errors;
    }
    return [];
  };

/** What Yoga keeps of documents it has seen; by default it holds 2,048 of them, which a stranger can fill with large ones. */
export const boundedCache = () => ({
  documentCache: createLRUCache<DocumentNode>({ max: 100 }),
  errorCache: createLRUCache<Error>({ max: 10 }),
});
