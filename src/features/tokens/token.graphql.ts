import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, plainPayload } from '../../graphql/payload.ts';
import { statuses } from '../../shared/statuses.ts';
import { createToken } from './create-token.ts';
import { revokeTokens } from './revoke-tokens.ts';
import { Token } from './token.ts';

/** A token, and whether the request uses it. */
type OwnToken = { readonly token: Token; readonly current: boolean };

export const TokenType = builder.objectRef<OwnToken>('Token').implement({
  description: 'A token that signs its owner in. The key itself is shown only when it is issued.',
  fields: (t) => ({
    id: t.id({ description: 'The id to pass to revokeToken.', resolve: ({ token }) => token.id }),
    name: t.string({ description: 'The name of the device or script that uses the token.', resolve: ({ token }) => token.name }),
    createdAt: t.field({ type: 'DateTime', description: 'When the token was issued.', resolve: ({ token }) => token.createdAt }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the token was last used, to within a minute; null if it has never been used.',
      resolve: ({ token }) => token.lastUsedAt ?? null,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the token expires; null if it never does. Using the token may put this off.',
      resolve: ({ token }) => token.expiresAt ?? null,
    }),
    ipAddress: t.string({
      nullable: true,
      description: 'The IP address that the token was issued to; null if it was issued on the command line or imported.',
      resolve: ({ token }) => token.ipAddress ?? null,
    }),
    userAgent: t.string({
      description: 'The User-Agent of the program that the token was issued to; empty if unknown.',
      resolve: ({ token }) => token.userAgent,
    }),
    current: t.exposeBoolean('current', { description: 'Whether this request uses the token.' }),
  }),
});

builder.queryField('tokens', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'The tokens of the signed-in user, newest first. Needs a token.',
    type: [TokenType],
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      const tokens = await deps().em.getRepository(Token).findLive(viewer.userId);
      return tokens.map((token) => ({ token, current: token.id === viewer.tokenId }));
    },
  }),
);

const LogoutPayload = plainPayload('logout');

builder.mutationField('logout', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Revokes the token of this request. Other devices stay signed in. Needs a token.',
    type: LogoutPayload,
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      await revokeTokens({ ...deps(), viewer }, { only: viewer.tokenId });
      return { status: statuses.loggedOut };
    },
  }),
);

const RevokeTokenPayload = plainPayload('revokeToken');

builder.mutationField('revokeToken', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Revokes one token of the signed-in user. A token of another user is reported as not found. Needs a token.',
    type: RevokeTokenPayload,
    nullable: true,
    typeOptions: { description: 'The token to revoke.' },
    argOptions: { description: 'The token to revoke.' },
    input: { id: t.input.id({ description: 'The id of the token, from `tokens { id }`.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const ended = await revokeTokens({ ...deps(), viewer }, { only: input.id });
      return { status: ended === 1 ? statuses.tokenRevoked : statuses.tokenNotFound };
    },
  }),
);

const RevokeAllTokensPayload = builder.objectRef<Payload & { readonly revoked?: number }>('RevokeAllTokensPayload').implement({
  description: 'The outcome of revokeAllTokens.',
  interfaces: [MutationPayload],
  fields: (t) => ({ revoked: t.int({ description: 'How many tokens were revoked.', resolve: ({ revoked }) => revoked ?? 0 }) }),
});

builder.mutationField('revokeAllTokens', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Revokes all tokens of the signed-in user, by default except the token of this request. Needs a token.',
    type: RevokeAllTokensPayload,
    nullable: true,
    typeOptions: { description: 'Which tokens to keep.' },
    argOptions: { defaultValue: {}, description: 'Which tokens to keep.' },
    input: {
      keepCurrent: t.input.boolean({ required: false, defaultValue: true, description: 'Whether to keep the token of this request.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const revoked = await revokeTokens({ ...deps(), viewer }, input.keepCurrent === false ? {} : { except: viewer.tokenId });
      return { status: statuses.tokensRevoked, revoked };
    },
  }),
);

type CreateTokenPayload = Payload & { readonly token?: string; readonly created?: OwnToken };

const CreateTokenPayloadType = builder.objectRef<CreateTokenPayload>('CreateTokenPayload').implement({
  description: 'The outcome of createToken.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    token: t.exposeString('token', {
      nullable: true,
      description: 'The key to send as `Authorization: Token <key>`. It is shown only once; null if the mutation failed.',
    }),
    created: t.expose('created', {
      type: TokenType,
      nullable: true,
      description: 'The token as `tokens` lists it; null if the mutation failed.',
    }),
  }),
});

builder.mutationField('createToken', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Issues a named token for a script and informs the user by mail. Needs a token and the password.',
    type: CreateTokenPayloadType,
    nullable: true,
    credentials: true,
    typeOptions: { description: 'A new token for a script.' },
    argOptions: { description: 'The new token.' },
    input: {
      name: t.input.string({ description: 'The name of the token; 1 to 150 characters.' }),
      password: t.input.string({ description: 'The password of the signed-in user, as a confirmation.' }),
      expiresAt: t.input.field({
        type: 'DateTime',
        required: false,
        description:
          'When the token expires at the latest; an unused token expires earlier. If omitted, the token lives as long as one from login.',
      }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await createToken({ ...deps(), viewer }, { ...input, expiresAt: input.expiresAt ?? null });
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.tokenCreated, token: outcome.key, created: { token: outcome.token, current: false } };
    },
  }),
);
