import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.ts';
import { statuses } from '../../shared/statuses.ts';
import { changePassword } from './change-password.ts';
import { requestPasswordReset, resetPassword } from './reset-password.ts';

const ChangePasswordPayload = plainPayload('changePassword');

builder.mutationField('changePassword', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Sets a new password, revokes all other tokens of the signed-in user at once and informs the user by mail. Needs a token.',
    type: ChangePasswordPayload,
    nullable: true,
    credentials: true,
    typeOptions: { description: 'The current password and the new one.' },
    argOptions: { description: 'The current password and the new one.' },
    input: {
      currentPassword: t.input.string({ description: 'The current password.' }),
      newPassword: t.input.string({
        description: 'The new password: from 8 characters (or the minimum this server sets) to 4096, with the same rules as in register.',
      }),
    },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await changePassword({ ...deps(), viewer }, input), statuses.passwordChanged),
  }),
);

const RequestPasswordResetPayload = plainPayload('requestPasswordReset');

builder.mutationField('requestPasswordReset', (t) =>
  t.fieldWithInput({
    description:
      'Mails a link for resetPassword for each account with that address. The answer is the same, and takes as long, if there is none. ' +
      'A mailbox gets at most one such mail a minute, and a few an hour.',
    type: RequestPasswordResetPayload,
    authScopes: { public: true },
    credentials: true,
    typeOptions: { description: 'The address of an account whose password is forgotten.' },
    argOptions: { description: 'The email address.' },
    input: { email: t.input.string({ description: 'The email address of the account, in upper or lower case.' }) },
    resolve: async (_root, { input }, { deps }) =>
      payloadOf(await requestPasswordReset(deps(), input.email), statuses.passwordResetRequested),
  }),
);

const ResetPasswordPayload = plainPayload('resetPassword');

builder.mutationField('resetPassword', (t) =>
  t.fieldWithInput({
    description: 'Sets a new password with the token from a mail, revokes all tokens of the account and informs the user by mail.',
    type: ResetPasswordPayload,
    authScopes: { public: true },
    credentials: true,
    typeOptions: { description: 'The token from a mail, and a new password.' },
    argOptions: { description: 'The token and the new password.' },
    input: {
      token: t.input.string({
        description: 'The token from the link. It works once, for 60 minutes, unless the password or the address changes.',
      }),
      newPassword: t.input.string({
        description:
          'The new password: from 8 characters (or the minimum this server sets) to 4096, with the same rules as in register. ' +
          'If it is refused, the link still works.',
      }),
    },
    resolve: async (_root, { input }, { deps }) => payloadOf(await resetPassword(deps(), input), statuses.passwordReset),
  }),
);
