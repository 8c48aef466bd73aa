import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { forbidden, unauthenticated } from '../shared/errors.ts';
import type { AppScope } from '../shared/feature.ts';
import type { Context, Viewer } from './context.ts';
import FieldRulesPlugin from './field-rules.ts';

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

export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [ScopeAuthPlugin, FieldRulesPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  scopeAuth: {
    defaultStrategy: 'all',
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({
      ...granted(viewer),
      public: true, // these come last: no stored scope stands for one of them
      authenticated: viewer !== null,
      staff: viewer?.isStaff === true,
      superuser: viewer?.isSuperuser === true,
    }),
    unauthorizedError: (_parent, { refusal, authScheme }) => (refusal ? unauthenticated(refusal, authScheme) : forbidden()),
  },
});

/** For helpers that make types, as graphql/connection.ts does. */
export type Types = typeof builder.$inferSchemaTypes;

builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.queryType({ description: 'Reads. Nothing here changes data.' });
builder.mutationType({ description: 'Writes. Expected failures are data in the payload, never top-level errors.' });
