import { type Change, CriticalityLevel, DiffRule, diff, type Rule } from '@graphql-inspector/core';
import { buildSchema, type GraphQLFieldMap, type GraphQLNamedType, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { admitsAllOf, guardOf } from './guard-of.ts';

/** What became of one thing in the schema. */
export type SchemaChange = {
  /** What it does to clients. */
  readonly level: `${CriticalityLevel}`;
  /** As in `Query.users.first`. */
  readonly path: string;
  readonly message: string;
};

/** What clients of one schema meet in another, the worst first. @param from,to SDL */
export async function changesBetween(from: string, to: string): Promise<SchemaChange[]> {
  const [released, current] = [buildSchema(from), buildSchema(to)];
  const found = await diff(released, current, [inBrief]);
  const changes = found.map(({ criticality, path = 'schema', message }) => ({ level: criticality.level, path, message }));
  return [...tightenedGuards(released, current), ...changes].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}

const isBreaking = ({ criticality }: Change): boolean => criticality.level === CriticalityLevel.Breaking;

/** A new type without each of its fields. The inspector's own rule would also hide what breaks about a field that got a description. */
const inBrief: Rule = async (input) => {
  const brief = await DiffRule.simplifyChanges(input);
  return [...input.changes.filter(isBreaking), ...brief.filter((change) => !isBreaking(change))];
};

const levels: readonly SchemaChange['level'][] = [CriticalityLevel.Breaking, CriticalityLevel.Dangerous, CriticalityLevel.NonBreaking];

/** A guard on an open field breaks clients without a token; to the inspector directives are strangers, and at most dangerous. */
function tightenedGuards(released: GraphQLSchema, current: GraphQLSchema): SchemaChange[] {
  return Object.values(released.getTypeMap()).flatMap((type) => {
    const now = fieldsOf(current.getType(type.name));
    const tightened = Object.values(fieldsOf(type)).filter((was) => {
      const field = now[was.name];
      return field && !admitsAllOf(guardOf(field), guardOf(was));
    });
    return tightened.map(({ name }) => ({
      level: CriticalityLevel.Breaking,
      path: `${type.name}.${name}`,
      message: `Field '${type.name}.${name}' refuses some whom it answered`,
    }));
  });
}

const fieldsOf = (type: GraphQLNamedType | undefined): GraphQLFieldMap<unknown, unknown> =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};

/** Those that break clients without a word about it: a CHANGELOG names each path under “Breaking” of the unreleased version. */
export function undeclared(changes: readonly SchemaChange[], changelog: string): SchemaChange[] {
  const declared = breakingIn(changelog);
  return changes.filter(({ level, path }) => level === CriticalityLevel.Breaking && !declared.has(path));
}

function breakingIn(changelog: string): Set<string> {
  const unreleased = changelog.split(/^## /m).find((version) => /^.*unreleased/.test(version));
  const breaking = unreleased?.split(/^### /m).find((part) => part.startsWith('Breaking\n'));
  return new Set([...(breaking ?? '').matchAll(/`([^`\n]+)`/g)].map(([, path = '']) => path));
}
