import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, plainPayload } from '../../graphql/payload.graphql.ts';
import { statuses } from '../../shared/statuses.ts';
import { createToken } from './create-token.ts';
import { revokeTokens } from './revoke-tokens.ts';
import { Token } from './token.ts';

/** A token, and whether it is the one that asks. */
type OwnToken = { readonly token: Token; readonly current: boolean };

const TokenType = builder.objectRef<OwnToken>('Token').implement({
  description: 'A key that signs somebody in, without the key itself.',
  fields: (t) => ({
    id: t.id({ description: 'What revokeToken takes.', resolve: ({ token }) => token.id }),
    name: t.string({ description: 'The device or script.', resolve: ({ token }) => token.name }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was issued.', resolve: ({ token }) => token.createdAt }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, give or take a minute; null before the first use.',
      resolve: ({ token }) => token.lastUsedAt ?? null,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends if it is not used until then; null: never.',
      resolve: ({ token }) => token.expiresAt ?? null,
    }),
    ipAddress: t.string({ nullable: true, description: 'From where it was issued.', resolve: ({ token }) => token.ipAddress ?? null }),
    userAgent: t.string({
      description: 'The program it was issued to; empty when it did not say.',
      resolve: ({ token }) => token.userAgent,
    }),
    current: t.exposeBoolean('current', { description: 'Whether it is the token of this very request.' }),
  }),
});

builder.queryField('tokens', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'One’s own tokens, the newest first.',
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
    description: 'Ends the token of this request; other devices stay signed in.',
    type: LogoutPayload,
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      await revokeTokens({ ...deps(), viewer }, { only: viewer.tokenId });
      return { status: statuses.loggedOut };
    },
  }),
);

const RevokeTokenInput = builder.inputType('RevokeTokenInput', {
  description: 'Which token to end.',
  fields: (t) => ({ id: t.id({ description: 'As in tokens { id }.' }) }),
});

const RevokeTokenPayload = plainPayload('revokeToken');

builder.mutationField('revokeToken', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Ends one of one’s own tokens. Somebody else’s counts as nonexistent.',
    type: RevokeTokenPayload,
    nullable: true,
    args: { input: t.arg({ type: RevokeTokenInput, description: 'Which one.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const ended = await revokeTokens({ ...deps(), viewer }, { only: input.id });
      return { status: ended === 1 ? statuses.tokenRevoked : statuses.tokenNotFound };
    },
  }),
);

const RevokeAllTokensInput = builder.inputType('RevokeAllTokensInput', {
  description: 'Which tokens to spare.',
  fields: (t) => ({
    keepCurrent: t.boolean({ required: false, defaultValue: true, description: 'Whether the token of this request lives on.' }),
  }),
});

const RevokeAllTokensPayload = builder.objectRef<Payload & { readonly revoked: number }>('RevokeAllTokensPayload').implement({
  description: 'The outcome of revokeAllTokens.',
  interfaces: [MutationPayload],
  fields: (t) => ({ revoked: t.exposeInt('revoked', { description: 'How many were ended.' }) }),
});

builder.mutationField('revokeAllTokens', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Ends all of one’s own tokens, by default except the one of this request.',
    type: RevokeAllTokensPayload,
    nullable: true,
    args: { input: t.arg({ type: RevokeAllTokensInput, defaultValue: {}, description: 'Which to spare.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const revoked = await revokeTokens({ ...deps(), viewer }, input.keepCurrent === false ? {} : { except: viewer.tokenId });
      return { status: statuses.tokensRevoked, revoked };
    },
  }),
);

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'A token for a script.',
  fields: (t) => ({
    name: t.string({ description: 'What to call it; at most 150 characters.' }),
    password: t.string({ description: 'One’s password, once more.' }),
    expiresAt: t.field({
      type: 'DateTime',
      required: false,
      description: 'When it ends at the latest; a token that is not used ends before. Left out, it lives as the tokens of login do.',
    }),
  }),
});

type CreateTokenPayload = Payload & { readonly token?: string; readonly created?: OwnToken };

const CreateTokenPayloadType = builder.objectRef<CreateTokenPayload>('CreateTokenPayload').implement({
  description: 'The outcome of createToken.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    token: t.exposeString('token', { nullable: true, description: 'The key for `Authorization: Token <key>`, shown only here.' }),
    created: t.expose('created', { type: TokenType, nullable: true, description: 'The token as tokens will list it.' }),
  }),
});

builder.mutationField('createToken', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Issues a named token for a script.',
    type: CreateTokenPayloadType,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: CreateTokenInput, description: 'The token to make.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await createToken({ ...deps(), viewer }, { ...input, expiresAt: input.expiresAt ?? null });
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.tokenCreated, token: outcome.key, created: { token: outcome.token, current: false } };
    },
  }),
);
