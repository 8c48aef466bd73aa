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
  TypeMetaFieldDef,
  type ValidationContext,
} from 'graphql';
import { MAX_PAGE } from '../../graphql/connection.ts';
import { createSum } from './selection-sum.ts';

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
  return !given && typeof byDefault === 'number' ? byDefault : MAX_PAGE;
}

/** Its `edges` have been counted by `first`. */
const isConnection = (type: GraphQLNamedType | undefined): boolean => isObjectType(type) && 'pageInfo' in type.getFields();
