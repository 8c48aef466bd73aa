import { type FieldNode, type GraphQLNamedType, Kind, type SelectionNode, type SelectionSetNode, type ValidationContext } from 'graphql';

/** Undefined where the document names a type that the schema does not have; another rule says so. */
type Parent = GraphQLNamedType | undefined;
type Sum = (selectionSet: SelectionSetNode, parent: Parent) => number;

/**
 * Adds up what the fields of a selection set weigh, those in fragments included. Each fragment is weighed once:
 * a chain of 30 that spread the next one twice stands for a thousand million fields.
 * @param weigh what one field adds
 */
export function createSum(context: ValidationContext, weigh: (field: FieldNode, parent: Parent) => number): Sum {
  const known = new Map<string, number>();
  const typeNamed = (name: string) => context.getSchema().getType(name);

  const sum: Sum = ({ selections }, parent) => selections.reduce((total, selection) => total + weightOf(selection, parent), 0);

  function weightOf(selection: SelectionNode, parent: Parent): number {
    if (selection.kind === Kind.FIELD) return weigh(selection, parent);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return known.get(selection.name.value) ?? weightOfFragment(selection.name.value);
    const { selectionSet, typeCondition } = selection;
    return sum(selectionSet, typeCondition ? typeNamed(typeCondition.name.value) : parent);
  }

  function weightOfFragment(name: string): number {
    known.set(name, 0); // if it comes round to itself, which another rule forbids
    const fragment = context.getFragment(name);
    const weight = fragment ? sum(fragment.selectionSet, typeNamed(fragment.typeCondition.name.value)) : 0;
    known.set(name, weight);
    return weight;
  }

  return sum;
}
