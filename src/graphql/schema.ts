import '../account/email.graphql.ts';
import '../account/password.graphql.ts';
import '../account/profile.graphql.ts';
import '../auth/auth.graphql.ts';
import '../hello/hello.graphql.ts';
import '../security-events/security-event.graphql.ts';
import '../staff/acts.graphql.ts';
import '../staff/users.graphql.ts';
import '../tokens/token.graphql.ts';
import '../tokens/token-revoked.graphql.ts';
import '../users/user.graphql.ts';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { lexicographicSortSchema, specifiedDirectives } from 'graphql';
import { withMutationsBegunAgain } from './begin-again.ts';
import { builder } from './builder.ts';
import { guardDirectives } from './guards.ts';

export const schema = withMutationsBegunAgain(builder.toSchema({ directives: [...specifiedDirectives, ...guardDirectives] }));

/** What `schema.graphql` holds. */
export const sdl = (): string => `${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`;
