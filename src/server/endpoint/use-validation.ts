import { OverlappingFieldsCanBeMergedRule, specifiedRules, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitRules } from './limit-rules.ts';

/** Of a kind of rules. To make and mask an error costs more than to find it, and nobody mends a hundred at once. */
const MAX_ERRORS = 10;

/**
 * Validates a document; Yoga keeps the outcome with it. The limits come first: rules whose work grows faster than the document
 * never see one that is beyond them. The one that compares all fields with each other comes last: most fields by far fit into a
 * document that names things that do not exist.
 * @param options.introspection false: no suggestion of a similar name may give the schema away
 */
export function useValidation({ introspection }: { readonly introspection: boolean }): Plugin {
  const options = { hideSuggestions: !introspection, maxErrors: MAX_ERRORS };
  const validateWithin: typeof validate = (schema, document, rules = specifiedRules) => {
    const others = rules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);
    for (const stage of [limitRules, others, [OverlappingFieldsCanBeMergedRule]]) {
      const errors = validate(schema, document, stage, options);
      if (errors.length > 0) return errors;
    }
    return [];
  };
  return { onValidate: ({ setValidationFn }) => setValidationFn(validateWithin) };
}
