import type { ServerResponse } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { scopesHeld } from '../../graphql/builder.ts';
import type { Context } from '../../graphql/context.ts';
import { scopesNeeded } from '../../graphql/field-rules.ts';
import { answerTypeOf, JSON_TYPE } from './accepted.ts';

/** Answers kept of one document: one a reason, times the ways that its @skip and @include can go. */
const MAX_KEPT = 32;

type Variables = { readonly [name: string]: unknown };

/** A refusal, ready to be sent. */
export type Refused = {
  /** Of the error, for the log. */
  readonly code: string;
  /** Where the media type allows it. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly bytes: number;
};

/** What a request comes to that may have nothing of what it asks for. */
type Refusal = {
  /** Undefined: it has not been seen yet. */
  readonly kept: Refused | undefined;
  /** Keeps what it came to; undefined when that is something else after all. */
  readonly keep: (result: ExecutionResult) => Refused | undefined;
};

/** What one document comes to for those who may have nothing of it: the same for each reason, as none of its fields is resolved. */
export type Refusals = {
  /** Null: fields may be resolved, or the variables do not fit. */
  readonly find: (asker: Pick<Context, 'viewer' | 'refusal'>, variables: Variables | null | undefined) => Refusal | null;
};

/** What all runs of an operation share. */
type Operation = {
  readonly schema: GraphQLSchema;
  readonly root: GraphQLObjectType;
  readonly definition: OperationDefinitionNode;
  /** All that it may begin with, but for `__typename`. */
  readonly fields: readonly FieldNode[];
};

/** @param document valid, with one operation. Null: it has a root field that is open, or whose refusals are not alike. */
export function createRefusals(schema: GraphQLSchema, document: DocumentNode): Refusals | null {
  const operation = operationIn(schema, document);
  const guards = operation?.fields.map(({ name }) => scopesNeeded(operation.root.getFields()[name.value])) ?? [];
  if (!operation || guards.length === 0 || guards.some((scopes) => scopes.length === 0)) return null;
  const conditions = conditionsOf(document);
  const kept = new Map<string, Refused>();
  const keep = (name: string, result: ExecutionResult) => {
    const refused = refusedBy(result);
    if (refused && kept.size < MAX_KEPT) kept.set(name, refused);
    return refused;
  };
  const find: Refusals['find'] = (asker, variables) => {
    const held: Readonly<Record<string, boolean>> = scopesHeld(asker);
    if (guards.some((scopes) => scopes.every((scope) => held[scope]))) return null;
    const values = valuesOf(operation, variables ?? {});
    if (!values) return null;
    const name = [asker.refusal ?? 'forbidden', ...conditions.map((variable) => values[variable])].join();
    return { kept: kept.get(name), keep: (result) => keep(name, result) };
  };
  return { find };
}

function operationIn(schema: GraphQLSchema, document: DocumentNode): Operation | null {
  const definition = getOperationAST(document);
  const root = definition && schema.getRootType(definition.operation);
  if (!definition || !root) return null;
  const fields = rootFieldsOf(document, definition.selectionSet).filter(({ name }) => name.value !== '__typename');
  return { schema, root, definition, fields };
}

/** All fields that an operation may begin with; valid documents have few. */
const rootFieldsOf = (document: DocumentNode, { selections }: SelectionSetNode): FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldsOf(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFieldsOf(document, fragment.selectionSet) : [];
  });

/** The variables that decide which fields are left out. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** The values of the variables; null when they, or arguments that they make up, do not fit. */
function valuesOf({ schema, root, definition, fields }: Operation, given: Variables): Variables | null {
  const { variableDefinitions = [] } = definition;
  if (variableDefinitions.length === 0) return {};
  const { coerced } = getVariableValues(schema, variableDefinitions, given, { maxErrors: 1 });
  return coerced && fields.every((field) => takesArguments(root, field, coerced)) ? coerced : null;
}

/** Whether the arguments fit, as in a valid document they do but for a null in a variable that has a default. */
function takesArguments(root: GraphQLObjectType, field: FieldNode, values: Variables): boolean {
  const definition = root.getFields()[field.name.value];
  if (!definition || !field.arguments?.length) return true;
  try {
    getArgumentValues(definition, field, values);
    return true;
  } catch {
    return false;
  }
}

/** Frames a result as Yoga does; undefined unless it is refusals and nothing else. */
function refusedBy({ errors = [], data }: ExecutionResult): Refused | undefined {
  const [first] = errors;
  if (!first || !errors.every(isRefusal)) return undefined;
  const text = JSON.stringify({ errors: errors.map(withoutHttp), data });
  const { status = 200, headers = {} } = first.extensions.http ?? {};
  return { code: String(first.extensions.code), status, headers, text, bytes: Buffer.byteLength(text) };
}

const isRefusal = ({ extensions }: GraphQLError): boolean => extensions.code === 'UNAUTHENTICATED' || extensions.code === 'FORBIDDEN';

function withoutHttp(error: GraphQLError): object {
  const { http, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** Answers as Yoga does. @param accepted what was negotiated */
export function sendRefusal(response: ServerResponse, { status, headers, text, bytes }: Refused, accepted: string): void {
  const type = answerTypeOf(accepted);
  response
    .writeHead(type === JSON_TYPE ? 200 : status, { 'Content-Type': `${type}; charset=utf-8`, ...headers, 'Content-Length': bytes })
    .end(text);
}
