import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.graphql.ts';
import { statuses } from '../../shared/statuses.ts';
import { changePassword } from './change-password.ts';
import { requestPasswordReset, resetPassword } from './reset-password.ts';

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The old password and the new one.',
  fields: (t) => ({
    currentPassword: t.string({ description: 'The password as it is.' }),
    newPassword: t.string({ description: 'As in register: at most 4096 characters, not common, not like the rest of the account.' }),
  }),
});

const ChangePasswordPayload = plainPayload('changePassword');

builder.mutationField('changePassword', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Sets another password, ends all of one’s other tokens at once and says so by mail.',
    type: ChangePasswordPayload,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: ChangePasswordInput, description: 'Both passwords.' }) },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await changePassword({ ...deps(), viewer }, input), statuses.passwordChanged),
  }),
);

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Who forgot their password.',
  fields: (t) => ({ email: t.string({ description: 'The email address of the account, in any case.' }) }),
});

const RequestPasswordResetPayload = plainPayload('requestPasswordReset');

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    description:
      'Has a mail sent with a link for each account that has that address. The answer is the same, and as quick, whether there is one or not. ' +
      'A mailbox gets at most one such mail a minute, and a few an hour.',
    type: RequestPasswordResetPayload,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: RequestPasswordResetInput, description: 'Where to.' }) },
    resolve: async (_root, { input }, { deps }) =>
      payloadOf(await requestPasswordReset(deps(), input.email), statuses.passwordResetRequested),
  }),
);

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'What came by mail, and a new password.',
  fields: (t) => ({
    token: t.string({ description: 'From the link. It works once and for 60 minutes, until the password or the address changes.' }),
    newPassword: t.string({ description: 'As in register. One that will not do leaves the link as it is.' }),
  }),
});

const ResetPasswordPayload = plainPayload('resetPassword');

builder.mutationField('resetPassword', (t) =>
  t.field({
    description: 'Sets the password by a link that requestPasswordReset sent, ends all tokens of the account and says so by mail.',
    type: ResetPasswordPayload,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: ResetPasswordInput, description: 'The token and the password.' }) },
    resolve: async (_root, { input }, { deps }) => payloadOf(await resetPassword(deps(), input), statuses.passwordReset),
  }),
);
