import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import WithInputPlugin from '@pothos/plugin-with-input';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { forbidden, unauthenticated } from '../shared/errors.ts';
import type { AppScope } from '../shared/feature.ts';
import type { Context, Viewer } from './context.ts';
import FieldRulesPlugin from './field-rules.ts';

/** As in the names of a mutation's payload and input. */
export const capitalise = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

type SignedIn = Context & { viewer: Viewer };

/** What the builder knows of types besides those it makes. */
type BuilderTypes = {
  Context: Context;
  DefaultAuthStrategy: 'all';
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  AuthScopes: { public: boolean; authenticated: boolean; staff: boolean; superuser: boolean } & { [Scope in AppScope]?: boolean };
  AuthContexts: { authenticated: SignedIn; staff: SignedIn; superuser: SignedIn } & { [Scope in AppScope]: SignedIn };
  Scalars: { DateTime: { Input: Date; Output: Date }; ID: { Input: string; Output: string | number } };
};

const granted = (viewer: Viewer | null) =>
  viewer && viewer.scopes.length > 0 ? Object.fromEntries(viewer.scopes.map((scope) => [scope, true])) : {};

/** What the viewer of a request may do. */
export const scopesHeld = ({ viewer }: Pick<Context, 'viewer'>) => ({
  ...granted(viewer),
  public: true, // these come last: no stored scope stands for one of them
  authenticated: viewer !== null,
  staff: viewer?.isStaff === true,
  superuser: viewer?.isSuperuser === true,
});

export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [ScopeAuthPlugin, FieldRulesPlugin, WithInputPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  withInput: { typeOptions: { name: ({ fieldName }) => `${capitalise(fieldName)}Input` } },
  scopeAuth: {
    defaultStrategy: 'all',
    authorizeOnSubscribe: true,
    authScopes: scopesHeld,
    unauthorizedError: (_parent, { refusal, authScheme }) => (refusal ? unauthenticated(refusal, authScheme) : forbidden()),
  },
});

/** For helpers that make types, as graphql/connection.ts does. */
export type Types = typeof builder.$inferSchemaTypes;

builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.queryType({ description: 'Reads. Nothing here changes data.' });
builder.mutationType({ description: 'Writes. Expected failures are data in the payload, never top-level errors.' });
