import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, payloadName, plainPayload } from '../../graphql/payload.graphql.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { type Status, statuses } from '../../shared/statuses.ts';
import { userPayload } from '../users/user.graphql.ts';
import type { User } from '../users/user.ts';
import type { ActRefusal } from './act-on.ts';
import { revokeUserTokens, type SendResetOutcome, sendPasswordReset, setStanding } from './acts.ts';

const refusals: Record<Exclude<ActRefusal, Throttled>, Status> = {
  'user-not-found': statuses.userNotFound,
  oneself: statuses.notToOneself,
  superuser: statuses.notToSuperuser,
};

const statusOf = (refusal: ActRefusal): Status =>
  typeof refusal === 'string' ? refusals[refusal] : statuses.throttled(refusal.retryAfter);

const isRefusal = (outcome: User | number | ActRefusal): outcome is ActRefusal =>
  typeof outcome === 'string' || (typeof outcome === 'object' && 'retryAfter' in outcome);

const resetStatuses: Record<Exclude<SendResetOutcome, Throttled>, Status> = {
  ...refusals,
  queued: statuses.passwordResetSent,
  inactive: statuses.userInactive,
  'no-address': statuses.noEmail,
  'no-password': statuses.userWithoutPassword,
  'mail-off': statuses.mailOff,
};

const standingPayload = (outcome: User | ActRefusal) =>
  isRefusal(outcome) ? { status: statusOf(outcome) } : { status: statuses.userUpdated, user: outcome };

const ID = 'As in users { edges { node { id } } }.';

const SetUserActiveInput = builder.inputType('SetUserActiveInput', {
  description: 'Whose account, and what to make of it.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    isActive: t.boolean({
      description: 'False: the account may not log in, and its tokens stop working. True: it may, with tokens issued from then on.',
    }),
  }),
});

const SetUserActivePayload = userPayload('setUserActive');

builder.mutationField('setUserActive', (t) =>
  t.withAuth({ staff: true }).field({
    description:
      'Closes somebody’s account to them, or opens it again, which ends all tokens and links from before. ' +
      'Not one’s own; a superuser’s only for superusers.',
    type: SetUserActivePayload,
    nullable: true,
    args: { input: t.arg({ type: SetUserActiveInput, description: 'Whose, and which.' }) },
    resolve: async (_root, { input: { id, isActive } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isActive })),
  }),
);

const SetUserStaffInput = builder.inputType('SetUserStaffInput', {
  description: 'Whose account, and what to make of it.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    isStaff: t.boolean({ description: 'Whether they may look after the accounts of others.' }),
  }),
});

const SetUserStaffPayload = userPayload('setUserStaff');

builder.mutationField('setUserStaff', (t) =>
  t.withAuth({ superuser: true }).field({
    description: 'Makes somebody else staff, or no longer.',
    type: SetUserStaffPayload,
    nullable: true,
    args: { input: t.arg({ type: SetUserStaffInput, description: 'Whom, and which.' }) },
    resolve: async (_root, { input: { id, isStaff } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isStaff })),
  }),
);

const SetUserSuperuserInput = builder.inputType('SetUserSuperuserInput', {
  description: 'Whose account, and what to make of it.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    isSuperuser: t.boolean({ description: 'Whether they may all that staff may, and choose who is staff.' }),
  }),
});

const SetUserSuperuserPayload = userPayload('setUserSuperuser');

builder.mutationField('setUserSuperuser', (t) =>
  t.withAuth({ superuser: true }).field({
    description: 'Makes somebody else a superuser, or no longer. One always remains.',
    type: SetUserSuperuserPayload,
    nullable: true,
    args: { input: t.arg({ type: SetUserSuperuserInput, description: 'Whom, and which.' }) },
    resolve: async (_root, { input: { id, isSuperuser } }, { deps, viewer }) =>
      standingPayload(await setStanding({ ...deps(), viewer }, id, { isSuperuser })),
  }),
);

const RevokeUserTokensInput = builder.inputType('RevokeUserTokensInput', {
  description: 'Whose tokens to end.',
  fields: (t) => ({ id: t.id({ description: ID }) }),
});

const RevokeUserTokensPayload = builder.objectRef<Payload & { readonly revoked: number }>(payloadName('revokeUserTokens')).implement({
  description: 'The outcome of revokeUserTokens.',
  interfaces: [MutationPayload],
  fields: (t) => ({ revoked: t.exposeInt('revoked', { description: 'How many were ended.' }) }),
});

builder.mutationField('revokeUserTokens', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'Ends all tokens of somebody; they may log in again. A superuser’s only for superusers.',
    type: RevokeUserTokensPayload,
    nullable: true,
    args: { input: t.arg({ type: RevokeUserTokensInput, description: 'Whose.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await revokeUserTokens({ ...deps(), viewer }, input.id);
      return isRefusal(outcome) ? { status: statusOf(outcome), revoked: 0 } : { status: statuses.tokensRevoked, revoked: outcome };
    },
  }),
);

const SendPasswordResetInput = builder.inputType('SendPasswordResetInput', {
  description: 'Who needs another password.',
  fields: (t) => ({ id: t.id({ description: ID }) }),
});

const SendPasswordResetPayload = plainPayload('sendPasswordReset');

builder.mutationField('sendPasswordReset', (t) =>
  t.withAuth({ staff: true }).field({
    description:
      'Has a link for resetPassword sent to somebody’s own address, at most one a minute; nobody else sees it. A superuser’s only for superusers.',
    type: SendPasswordResetPayload,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: SendPasswordResetInput, description: 'Whom.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await sendPasswordReset({ ...deps(), viewer }, input.id);
      return { status: typeof outcome === 'string' ? resetStatuses[outcome] : statusOf(outcome) };
    },
  }),
);
