import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, payloadName, plainPayload } from '../../graphql/payload.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { type Status, statuses } from '../../shared/statuses.ts';
import { userPayload } from '../users/user.graphql.ts';
import type { User } from '../users/user.ts';
import type { ActRefusal } from './act-on.ts';
import { revokeUserTokens, type SendResetOutcome, sendPasswordReset, setStanding } from './acts.ts';
import { setScopes } from './set-scopes.ts';

const refusals: Record<Exclude<ActRefusal, Throttled>, Status> = {
  'user-not-found': statuses.userNotFound,
  oneself: statuses.notToOneself,
  superuser: statuses.notToSuperuser,
};

export const statusOf = (refusal: ActRefusal): Status =>
  typeof refusal === 'string' ? refusals[refusal] : statuses.throttled(refusal.retryAfter);

export const isRefusal = (outcome: User | number | ActRefusal): outcome is ActRefusal =>
  typeof outcome === 'string' || (typeof outcome === 'object' && 'retryAfter' in outcome);

const resetStatuses: Record<Exclude<SendResetOutcome, Throttled>, Status> = {
  ...refusals,
  queued: statuses.passwordResetSent,
  inactive: statuses.userInactive,
  'no-address': statuses.noEmail,
  'no-password': statuses.userWithoutPassword,
  'mail-off': statuses.mailOff,
};

export const standingPayload = (outcome: User | ActRefusal) =>
  isRefusal(outcome) ? { status: statusOf(outcome) } : { status: statuses.userUpdated, user: outcome };

/** What an argument for a user's id says. */
export const ID = 'The id of the user, from `users { edges { node { id } } }`.';

const SetUserActivePayload = userPayload('setUserActive');

builder.mutationField('setUserActive', (t) =>
  t.withAuth({ staff: true }).fieldWithInput({
    description:
      'Deactivates the account of another user, or activates it again, which ends all its earlier tokens and links. ' +
      'Only a superuser may do this to a superuser. Only for staff.',
    type: SetUserActivePayload,
    nullable: true,
    typeOptions: { description: 'The user, and the new value.' },
    argOptions: { description: 'The user, and the new value.' },
    input: {
      id: t.input.id({ description: ID }),
      isActive: t.input.boolean({
        description:
          'False: the user cannot log in, and the tokens of the account stop working. True: the user can log in again, with new tokens.',
      }),
    },
    resolve: async (_root, { input: { id, isActive } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isActive })),
  }),
);

const SetUserStaffPayload = userPayload('setUserStaff');

builder.mutationField('setUserStaff', (t) =>
  t.withAuth({ superuser: true }).fieldWithInput({
    description: 'Makes another user staff, or ends that. Only for superusers.',
    type: SetUserStaffPayload,
    nullable: true,
    typeOptions: { description: 'The user, and the new value.' },
    argOptions: { description: 'The user, and the new value.' },
    input: {
      id: t.input.id({ description: ID }),
      isStaff: t.input.boolean({ description: 'Whether the user may manage the accounts of others.' }),
    },
    resolve: async (_root, { input: { id, isStaff } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isStaff })),
  }),
);

const SetUserSuperuserPayload = userPayload('setUserSuperuser');

builder.mutationField('setUserSuperuser', (t) =>
  t.withAuth({ superuser: true }).fieldWithInput({
    description: 'Makes another user a superuser, or ends that. At least one superuser always remains. Only for superusers.',
    type: SetUserSuperuserPayload,
    nullable: true,
    typeOptions: { description: 'The user, and the new value.' },
    argOptions: { description: 'The user, and the new value.' },
    input: {
      id: t.input.id({ description: ID }),
      isSuperuser: t.input.boolean({ description: 'Whether the user may do everything that staff may, and choose who is staff.' }),
    },
    resolve: async (_root, { input: { id, isSuperuser } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isSuperuser })),
  }),
);

const SetUserScopesPayload = userPayload('setUserScopes');

builder.mutationField('setUserScopes', (t) =>
  t.withAuth({ superuser: true }).fieldWithInput({
    description: 'Replaces the scopes of a user, which say what the user may do in the app. Only for superusers.',
    type: SetUserScopesPayload,
    nullable: true,
    typeOptions: { description: 'The user, and all scopes to have from now on.' },
    argOptions: { description: 'The user, and the scopes.' },
    input: {
      id: t.input.id({ description: ID }),
      scopes: t.input.stringList({ description: 'The names of the scopes; those that are not listed are taken away.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await setScopes({ ...deps(), viewer }, input);
      if (typeof outcome === 'object' && 'errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return standingPayload(outcome);
    },
  }),
);

const RevokeUserTokensPayload = builder.objectRef<Payload & { readonly revoked?: number }>(payloadName('revokeUserTokens')).implement({
  description: 'The outcome of revokeUserTokens.',
  interfaces: [MutationPayload],
  fields: (t) => ({ revoked: t.int({ description: 'How many tokens were revoked.', resolve: ({ revoked }) => revoked ?? 0 }) }),
});

builder.mutationField('revokeUserTokens', (t) =>
  t.withAuth({ staff: true }).fieldWithInput({
    description: 'Revokes all tokens of a user, who can log in again. Only a superuser may do this to a superuser. Only for staff.',
    type: RevokeUserTokensPayload,
    nullable: true,
    typeOptions: { description: 'The user whose tokens to revoke.' },
    argOptions: { description: 'The user.' },
    input: { id: t.input.id({ description: ID }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await revokeUserTokens({ ...deps(), viewer }, input.id);
      return isRefusal(outcome) ? { status: statusOf(outcome), revoked: 0 } : { status: statuses.tokensRevoked, revoked: outcome };
    },
  }),
);

const SendPasswordResetPayload = plainPayload('sendPasswordReset');

builder.mutationField('sendPasswordReset', (t) =>
  t.withAuth({ staff: true }).fieldWithInput({
    description:
      'Mails a link for resetPassword to the user’s own address, at most once a minute; staff never see it. ' +
      'Only a superuser may do this to a superuser. Only for staff.',
    type: SendPasswordResetPayload,
    nullable: true,
    credentials: true,
    typeOptions: { description: 'The user who needs a new password.' },
    argOptions: { description: 'The user.' },
    input: { id: t.input.id({ description: ID }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await sendPasswordReset({ ...deps(), viewer }, input.id);
      return { status: typeof outcome === 'string' ? resetStatuses[outcome] : statusOf(outcome) };
    },
  }),
);
