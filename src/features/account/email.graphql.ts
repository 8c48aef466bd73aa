import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.ts';
import { addressTaken, invalidLink, onField } from '../../shared/field-errors.ts';
import { type Status, statuses } from '../../shared/statuses.ts';
import { changeEmail } from './change-email.ts';
import { requestEmailVerification, type VerificationOutcome, verifyEmail } from './verify-email.ts';

const RequestEmailVerificationPayload = plainPayload('requestEmailVerification');

const verificationStatuses: Record<VerificationOutcome, Status> = {
  queued: statuses.emailVerificationRequested,
  'verified-already': statuses.emailVerifiedAlready,
  'no-address': statuses.noEmail,
  'mail-off': statuses.mailOff,
};

builder.mutationField('requestEmailVerification', (t) =>
  t.withAuth({ authenticated: true }).field({
    description:
      'Mails a link for verifyEmail to the address of the signed-in user, unless it is verified; at most once a minute. Needs a token.',
    type: RequestEmailVerificationPayload,
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      const outcome = await requestEmailVerification({ ...deps(), viewer });
      return { status: typeof outcome === 'string' ? verificationStatuses[outcome] : statuses.throttled(outcome.retryAfter) };
    },
  }),
);

const VerifyEmailPayload = plainPayload('verifyEmail');

builder.mutationField('verifyEmail', (t) =>
  t.fieldWithInput({
    description:
      'Verifies the address that register or requestEmailVerification sent a link to. After changeEmail, the new address replaces the old one.',
    type: VerifyEmailPayload,
    authScopes: { public: true },
    credentials: true,
    typeOptions: { description: 'The token from a mail.' },
    argOptions: { description: 'The token from the mail.' },
    input: {
      token: t.input.string({ description: 'The token from the link. It works once, for 24 hours, unless the address changes.' }),
    },
    resolve: async (_root, { input }, { deps }) => {
      const outcome = await verifyEmail(deps(), input.token);
      if (typeof outcome === 'object') return { status: statuses.throttled(outcome.retryAfter) };
      if (outcome === 'dead-link') return { status: statuses.invalidInput, errors: onField('token', [invalidLink]) };
      if (outcome === 'taken') return { status: statuses.invalidInput, errors: onField('token', [addressTaken]) };
      return { status: outcome === 'changed' ? statuses.emailChanged : statuses.emailVerified };
    },
  }),
);

const ChangeEmailPayload = plainPayload('changeEmail');

builder.mutationField('changeEmail', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description:
      'Mails a link for verifyEmail to the new address, at most once a minute. The account keeps the old address until the link is opened; ' +
      'then a mail informs the old address. Needs a token.',
    type: ChangeEmailPayload,
    nullable: true,
    credentials: true,
    typeOptions: { description: 'A new email address.' },
    argOptions: { description: 'The new address and the password.' },
    input: {
      password: t.input.string({ description: 'The password of the signed-in user, as a confirmation.' }),
      newEmail: t.input.string({ description: 'The new address; at most 254 characters.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await changeEmail({ ...deps(), viewer }, input), statuses.emailChangeRequested),
  }),
);
