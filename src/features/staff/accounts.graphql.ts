import { builder } from '../../graphql/builder.ts';
import { plainPayload } from '../../graphql/payload.ts';
import { statuses } from '../../shared/statuses.ts';
import { userPayload } from '../users/user.graphql.ts';
import { revokeUserToken, unlockUser } from './acts.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import { updateUser } from './update-user.ts';
import { ID, isRefusal, standingPayload, statusOf } from './user-acts.graphql.ts';

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'The new account.',
  fields: (t) => ({
    username: t.string({ description: 'As in register.' }),
    email: t.string({ required: false, defaultValue: '', description: 'As in register.' }),
    firstName: t.string({ required: false, defaultValue: '', description: 'At most 150 characters.' }),
    lastName: t.string({ required: false, defaultValue: '', description: 'At most 150 characters.' }),
    password: t.string({
      required: false,
      defaultValue: '',
      description: 'As in register. If it is left out, the user gets a link by mail to choose one, which needs an address.',
    }),
  }),
});

const CreateUserPayload = userPayload('createUser');

builder.mutationField('createUser', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'Creates an account for another person, also where registration is closed. Only for staff.',
    type: CreateUserPayload,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: CreateUserInput, description: 'The new account.' }) },
    resolve: async (_root, { input: { username, email, firstName, lastName, password } }, { deps, viewer }) => {
      const wanted = { username, email: email ?? '', firstName: firstName ?? '', lastName: lastName ?? '', password: password ?? '' };
      const outcome = await createUser({ ...deps(), viewer }, wanted);
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.userCreated, user: outcome };
    },
  }),
);

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'The user, and what to change. What is omitted or null stays as it is.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    firstName: t.string({ required: false, description: 'At most 150 characters; an empty text removes the name.' }),
    lastName: t.string({ required: false, description: 'At most 150 characters; an empty text removes the name.' }),
    email: t.string({
      required: false,
      description: 'At most 254 characters; an empty text removes the address. It is not verified then.',
    }),
  }),
});

const UpdateUserPayload = userPayload('updateUser');

builder.mutationField('updateUser', (t) =>
  t.withAuth({ staff: true }).field({
    description:
      'Changes the names and the email address of another user, and informs the old address. Only a superuser may change a superuser, ' +
      'and the address of a user who is staff or has scopes. Only for staff.',
    type: UpdateUserPayload,
    nullable: true,
    args: { input: t.arg({ type: UpdateUserInput, description: 'The user, and what to change.' }) },
    resolve: async (_root, { input: { id, firstName, lastName, email } }, { deps, viewer }) => {
      const changes = { id, firstName: firstName ?? null, lastName: lastName ?? null, email: email ?? null };
      const outcome = await updateUser({ ...deps(), viewer }, changes);
      if (outcome === 'address-of-rights') return { status: statuses.notToThoseWithRights };
      if (typeof outcome === 'object' && 'errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return standingPayload(outcome);
    },
  }),
);

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'The user to delete.',
  fields: (t) => ({ id: t.id({ description: ID }) }),
});

const DeleteUserPayload = plainPayload('deleteUser');

builder.mutationField('deleteUser', (t) =>
  t.withAuth({ superuser: true }).field({
    description: 'Deletes the account of another user with all its tokens, immediately and permanently. Only for superusers.',
    type: DeleteUserPayload,
    nullable: true,
    args: { input: t.arg({ type: DeleteUserInput, description: 'The user.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await deleteUser({ ...deps(), viewer }, input.id);
      return { status: outcome === 'deleted' ? statuses.accountDeleted : statusOf(outcome) };
    },
  }),
);

const UnlockUserInput = builder.inputType('UnlockUserInput', {
  description: 'The user who may try again.',
  fields: (t) => ({ id: t.id({ description: ID }) }),
});

const UnlockUserPayload = userPayload('unlockUser');

builder.mutationField('unlockUser', (t) =>
  t.withAuth({ staff: true }).field({
    description:
      'Forgets the failed logins to an account, so that its user can log in at once. Only a superuser may do this to a superuser. Only for staff.',
    type: UnlockUserPayload,
    nullable: true,
    args: { input: t.arg({ type: UnlockUserInput, description: 'The user.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => standingPayload(await unlockUser({ ...deps(), viewer }, input.id)),
  }),
);

const RevokeUserTokenInput = builder.inputType('RevokeUserTokenInput', {
  description: 'The token to revoke.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    tokenId: t.id({ description: 'The id of the token, from `userTokens { id }`.' }),
  }),
});

const RevokeUserTokenPayload = plainPayload('revokeUserToken');

builder.mutationField('revokeUserToken', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'Revokes one token of a user. Only a superuser may do this to a superuser. Only for staff.',
    type: RevokeUserTokenPayload,
    nullable: true,
    args: { input: t.arg({ type: RevokeUserTokenInput, description: 'The user, and the token.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const outcome = await revokeUserToken({ ...deps(), viewer }, input);
      if (isRefusal(outcome)) return { status: statusOf(outcome) };
      return { status: outcome === 1 ? statuses.tokenRevoked : statuses.tokenNotFound };
    },
  }),
);
