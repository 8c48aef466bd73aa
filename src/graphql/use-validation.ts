import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitRules } from './limit-rules.ts';

/**
 * Validates a document; Yoga keeps the outcome with it. The limits come first: rules whose work grows faster than the document
 * never see one that is beyond them.
 * @param options.introspection false: no suggestion of a similar name may give the schema away
 */
export function useValidation({ introspection }: { readonly introspection: boolean }): Plugin {
  const options = { hideSuggestions: !introspection };
  const validateWithin: typeof validate = (schema, document, rules) => {
    const excess = validate(schema, document, limitRules);
    return excess.length > 0 ? excess : validate(schema, document, rules, options);
  };
  return { onValidate: ({ setValidationFn }) => setValidationFn(validateWithin) };
}
