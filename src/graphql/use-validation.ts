import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitRules } from './limit-rules.ts';

/** Mistakes that are told of one document. The place of each is found by reading the document from its beginning. */
const MAX_ERRORS = 10;

/**
 * Validates a document; Yoga keeps the outcome with it. The limits come first: rules whose work grows faster than the document
 * never see one that is beyond them.
 * @param options.introspection false: no suggestion of a similar name may give the schema away
 */
export function useValidation({ introspection }: { readonly introspection: boolean }): Plugin {
  const options = { hideSuggestions: !introspection, maxErrors: MAX_ERRORS };
  const validateWithin: typeof validate = (schema, document, rules) => {
    const excess = validate(schema, document, limitRules, options);
    return excess.length > 0 ? excess : validate(schema, document, rules, options);
  };
  return { onValidate: ({ setValidationFn }) => setValidationFn(validateWithin) };
}
