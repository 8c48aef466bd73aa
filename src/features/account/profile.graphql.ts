import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.graphql.ts';
import { statuses } from '../../shared/statuses.ts';
import { userPayload } from '../users/user.graphql.ts';
import { deleteAccount } from './delete-account.ts';
import { updateProfile } from './update-profile.ts';

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What to change. Whatever is left out, or null, stays as it is.',
  fields: (t) => ({
    firstName: t.string({ required: false, description: 'At most 150 characters; empty to say none.' }),
    lastName: t.string({ required: false, description: 'At most 150 characters; empty to say none.' }),
  }),
});

const UpdateProfilePayload = userPayload('updateProfile');

builder.mutationField('updateProfile', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Changes one’s own names.',
    type: UpdateProfilePayload,
    nullable: true,
    args: { input: t.arg({ type: UpdateProfileInput, description: 'The names.' }) },
    resolve: async (_root, { input: { firstName, lastName } }, { deps, viewer }) => {
      const outcome = await updateProfile({ ...deps(), viewer }, { firstName: firstName ?? null, lastName: lastName ?? null });
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.profileUpdated, user: outcome };
    },
  }),
);

const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'A confirmation.',
  fields: (t) => ({ password: t.string({ description: 'One’s password, once more.' }) }),
});

const DeleteAccountPayload = plainPayload('deleteAccount');

builder.mutationField('deleteAccount', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Deletes one’s own account with all its tokens, at once and for good.',
    type: DeleteAccountPayload,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: DeleteAccountInput, description: 'The password.' }) },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await deleteAccount({ ...deps(), viewer }, input.password), statuses.accountDeleted),
  }),
);
