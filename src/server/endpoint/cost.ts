import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValidationContext,
} from 'graphql';
import { maxPage } from '../../graphql/connection.ts';

/** Items that a list without pages is taken to have. */
const LIST = 10;

type Definition = GraphQLField<unknown, unknown>;

/**
 * How many values an operation may fetch: one a field, times the page or list it is in. Variables are not known yet, so that
 * the result holds for the document; `first: $n` counts as a full page. Introspection is not in it.
 */
export function costOf(context: ValidationContext, { operation, selectionSet }: OperationDefinitionNode): number {
  return createCost(context)(selectionSet, context.getSchema().getRootType(operation) ?? undefined);
}

/** The same of what an operation asks of the schema. */
export function introspectionCostOf(context: ValidationContext, { selectionSet }: OperationDefinitionNode): number {
  const cost = createCost(context);
  const sum = createSum(context, ({ name, selectionSet }) => {
    const type = introspectionTypes.get(name.value);
    return type && selectionSet ? cost(selectionSet, type) : 0;
  });
  return sum(selectionSet, undefined);
}

const introspectionTypes = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map(({ name, type }) => [name, getNamedType(type)]));

function createCost(context: ValidationContext) {
  const sum = createSum(context, (field, parent) => {
    const definition = definitionOf(field, parent);
    if (!definition || !field.selectionSet) return 1;
    return 1 + itemsOf(field, definition, parent) * sum(field.selectionSet, getNamedType(definition.type));
  });
  return sum;
}

/** How the schema declares a field of a document; undefined for `__typename` and its like, and for what does not exist. */
export const definitionOf = ({ name }: FieldNode, parent: GraphQLNamedType | undefined): Definition | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value] : undefined;

function itemsOf(field: FieldNode, { args, type }: Definition, parent: GraphQLNamedType | undefined): number {
  const first = args.find(({ name }) => name === 'first');
  if (first) return pageSizeOf(field, first.defaultValue);
  return isListType(getNullableType(type)) && !isConnection(parent) ? LIST : 1;
}

function pageSizeOf({ arguments: args = [] }: FieldNode, byDefault: unknown): number {
  const given = args.find(({ name }) => name.value === 'first');
  if (given?.value.kind === Kind.INT) return Math.max(1, Number(given.value.value));
  return !given && typeof byDefault === 'number' ? byDefault : maxPage();
}

/** Its `edges` have been counted by `first`. */
const isConnection = (type: GraphQLNamedType | undefined): boolean => isObjectType(type) && 'pageInfo' in type.getFields();

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
