import {
  astFromValue,
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';
import { guardOf } from './guard-of.ts';

const intro = `# The schema

Printed from the code by \`npm run schema\`, like [schema.graphql](../schema.graphql), which says the same to programs. What ends with \`!\` is never null. The guard says who gets an answer: \`authenticated\` means everyone with a valid token, \`staff\` and \`superuser\` only such accounts. A field without a guard has that of the field it was reached by.`;

const roots = ['Query', 'Mutation', 'Subscription'];

const sections: { title: string; has: (type: GraphQLNamedType) => boolean }[] = [
  { title: 'Operations', has: ({ name }) => roots.includes(name) },
  { title: 'Objects', has: (type) => isObjectType(type) || isInterfaceType(type) },
  { title: 'Inputs', has: isInputObjectType },
  { title: 'Enums', has: isEnumType },
  { title: 'Scalars', has: () => true },
];

/** A Markdown reference. @param sdl of the schema; it carries the guards, as introspection does not */
export function reference(sdl: string): string {
  const types = Object.values(buildSchema(sdl).getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const titleOf = (type: GraphQLNamedType) => sections.find(({ has }) => has(type))?.title;
  const parts = sections.map(({ title }) => [`## ${title}`, ...types.filter((type) => titleOf(type) === title).map(describe)]);
  return `${[intro, ...parts.flat()].join('\n\n')}\n`;
}

const describe = (type: GraphQLNamedType): string =>
  [`### ${type.name}`, type.description, interfacesOf(type), tableOf(type)].filter(Boolean).join('\n\n');

function interfacesOf(type: GraphQLNamedType): string {
  const interfaces = isObjectType(type) ? type.getInterfaces() : [];
  return interfaces.length > 0 ? `Implements ${interfaces.map(linkTo).join(', ')}.` : '';
}

function tableOf(type: GraphQLNamedType): string {
  if (isEnumType(type)) return table(['value', 'meaning'], type.getValues().map(valueRow));
  if (isInputObjectType(type)) return table(['field', 'type', 'meaning'], Object.values(type.getFields()).map(inputRow));
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  return table(['field', 'type', 'guard', 'meaning'], Object.values(type.getFields()).flatMap(fieldRows));
}

/** A table in Markdown. */
export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const fieldRows = (field: GraphQLField<unknown, unknown>): string[][] => [
  [`**${field.name}**`, linkTo(field.type), guardOf(field).map(guardName).join(' or '), meaningOf(field)],
  ...field.args.map((arg) => [`${field.name}(${arg.name}:)`, inputTypeOf(arg), '', meaningOf(arg)]),
];

const inputRow = (field: GraphQLInputField): string[] => [`**${field.name}**`, inputTypeOf(field), meaningOf(field)];

const valueRow = (value: Described & { readonly name: string }): string[] => [`\`${value.name}\``, meaningOf(value)];

/** Every other scope implies a signed-in user. */
const guardName = (scopes: readonly string[]): string =>
  scopes.length > 1 ? scopes.filter((scope) => scope !== 'authenticated').join(' and ') : scopes.join();

function inputTypeOf({ type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const byDefault = astFromValue(defaultValue, type);
  return `${linkTo(type)}${byDefault ? ` = \`${print(byDefault)}\`` : ''}`;
}

const linkTo = (type: GraphQLType): string => `[\`${type}\`](#${getNamedType(type).name.toLowerCase()})`;

type Described = { readonly description?: string | null | undefined; readonly deprecationReason?: string | null | undefined };

/** Fit for a cell. */
function meaningOf({ description, deprecationReason }: Described): string {
  const texts = [deprecationReason && `Deprecated: ${deprecationReason}`, description];
  return texts
    .filter(Boolean)
    .join(' ')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');
}
