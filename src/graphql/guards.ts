import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { DirectiveLocation, GraphQLDirective, GraphQLList, GraphQLNonNull, GraphQLString } from 'graphql';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      guards: GuardsPlugin<Types>;
    }
  }
}

const scopeSet = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString)));
const scopeSets = new GraphQLNonNull(new GraphQLList(scopeSet));

/** The ecosystem's own words for guards (Apollo Federation), printed into schema.graphql. */
export const guardDirectives = [
  new GraphQLDirective({
    name: 'authenticated',
    description: 'Answers only to a request with a valid token.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
  }),
  new GraphQLDirective({
    name: 'requiresScopes',
    description: 'Answers only to a viewer who has all scopes of at least one of the sets.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
    args: { scopes: { type: scopeSets, description: 'Sets of scopes; one set has to be met whole.' } },
  }),
];

/** Default deny: a root field without `authScopes` does not build; the others carry their guard into the SDL. */
class GuardsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    const scopes = field.pothosOptions.authScopes;
    if (!scopes && isRoot(field.parentType)) {
      throw new Error(`${field.parentType}.${field.name} declares no authScopes; say { public: true } if that is meant`);
    }
    if (typeof scopes === 'function') throw new Error(`${field.parentType}.${field.name} has a computed guard, which the SDL cannot show`);
    const names = Object.keys(scopes ?? {}).filter((name) => name !== 'public');
    if (names.length === 0) return field;
    return { ...field, extensions: { ...field.extensions, directives: directivesFor(names) } };
  }
}

const isRoot = (type: string): boolean => ['Query', 'Mutation', 'Subscription'].includes(type);

/** Whoever has any other scope is signed in. */
function directivesFor(names: string[]) {
  const scopes = names.filter((name) => name !== 'authenticated');
  return scopes.length === 0 ? { authenticated: {} } : { requiresScopes: { scopes: [scopes] } };
}

SchemaBuilder.registerPlugin('guards', GuardsPlugin);
export default 'guards' as const;
