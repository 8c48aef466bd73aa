import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.ts';
import { statuses } from '../../shared/statuses.ts';
import { userPayload } from '../users/user.graphql.ts';
import { valuesIn } from '../users/user-columns.ts';
import { deleteAccount } from './delete-account.ts';
import { updateProfile } from './update-profile.ts';

export const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'The names to change. A name that is omitted or null stays as it is.',
  fields: (t) => ({
    firstName: t.string({ required: false, description: 'At most 150 characters; an empty text removes the name.' }),
    lastName: t.string({ required: false, description: 'At most 150 characters; an empty text removes the name.' }),
  }),
});

const UpdateProfilePayload = userPayload('updateProfile');

builder.mutationField('updateProfile', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Changes the names of the signed-in user. Needs a token.',
    type: UpdateProfilePayload,
    nullable: true,
    args: { input: t.arg({ type: UpdateProfileInput, description: 'The names to change.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => {
      const own = valuesIn(input, 'update', deps().userColumns);
      const changes = { firstName: input.firstName ?? null, lastName: input.lastName ?? null, own };
      const outcome = await updateProfile({ ...deps(), viewer }, changes);
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.profileUpdated, user: outcome };
    },
  }),
);

const DeleteAccountPayload = plainPayload('deleteAccount');

builder.mutationField('deleteAccount', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Deletes the account of the signed-in user with all its tokens, immediately and permanently. Needs a token.',
    type: DeleteAccountPayload,
    nullable: true,
    credentials: true,
    typeOptions: { description: 'The confirmation.' },
    argOptions: { description: 'The confirmation.' },
    input: { password: t.input.string({ description: 'The password of the signed-in user, as a confirmation.' }) },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await deleteAccount({ ...deps(), viewer }, input.password), statuses.accountDeleted),
  }),
);
