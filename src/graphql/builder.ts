import type { EntityManager } from '@mikro-orm/sql';
import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import type { TokenPolicy } from '../config/token-policy.ts';
import type { UsernameAlphabet } from '../config/usernames.ts';
import type { Operation } from '../observability/operation.ts';
import type { Background } from '../services/background.ts';
import type { Passwords } from '../services/passwords/passwords.ts';
import type { Throttle } from '../services/throttling/throttle.ts';
import type { Client } from '../shared/client.ts';
import { forbidden, type Refusal, unauthenticated } from '../shared/errors.ts';
import FieldRulesPlugin from './field-rules.ts';
import type { Mailer } from './mailer.ts';
import type { TokenWatch } from './token-watch.ts';
import type { Viewer } from './viewer.ts';

/** What the use cases work with. */
export type Deps = {
  /** The request's own. */
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly tokenPolicy: TokenPolicy;
  readonly client: Client;
  readonly throttle: Throttle;
  readonly background: Background;
  /** REGISTRATION */
  readonly registrationOpen: boolean;
  /** USERNAMES */
  readonly usernames: UsernameAlphabet;
  /** Null: this server sends no mail. */
  readonly mail: Mailer | null;
};

/** What every resolver gets. */
export type Context = {
  /** Made on first call: forking an EntityManager is 8 % of a request that needs none. */
  readonly deps: () => Deps;
  /** Lets `deps` make them anew, for who has to begin again. */
  readonly renewDeps: () => void;
  readonly tokenWatch: TokenWatch;
  readonly viewer: Viewer | null;
  /** Why there is no viewer; null when there is one. */
  readonly refusal: Refusal | null;
  /** What the challenge to somebody without a token names. */
  readonly authScheme: string | undefined;
  /** What is known of the request so far. */
  readonly operation: Operation;
};

type SignedIn = Context & { viewer: Viewer };

/** What the builder knows of types besides those it makes. */
type BuilderTypes = {
  Context: Context;
  DefaultAuthStrategy: 'all';
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  AuthScopes: { public: boolean; authenticated: boolean; staff: boolean; superuser: boolean };
  AuthContexts: { authenticated: SignedIn; staff: SignedIn; superuser: SignedIn };
  Scalars: { DateTime: { Input: Date; Output: Date }; ID: { Input: string; Output: string | number } };
};

export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [ScopeAuthPlugin, FieldRulesPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  scopeAuth: {
    defaultStrategy: 'all',
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({
      public: true,
      authenticated: viewer !== null,
      staff: viewer?.isStaff === true,
      superuser: viewer?.isSuperuser === true,
    }),
    unauthorizedError: (_parent, { refusal, authScheme }) => (refusal ? unauthenticated(refusal, authScheme) : forbidden()),
  },
});

/** For helpers that make types, as graphql/connection.graphql.ts does. */
export type Types = typeof builder.$inferSchemaTypes;

builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.queryType({ description: 'What can be asked.' });
builder.mutationType({ description: 'What can be changed. Expected failures are data in the payload, never top-level errors.' });
