import { builder } from '../../graphql/builder.ts';
import { payloadOf, plainPayload } from '../../graphql/payload.graphql.ts';
import { invalidLink, onField } from '../../shared/field-errors.ts';
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
    description: 'Has a link for verifyEmail sent to one’s address, unless that is verified; at most one a minute.',
    type: RequestEmailVerificationPayload,
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      const outcome = await requestEmailVerification({ ...deps(), viewer });
      return { status: typeof outcome === 'string' ? verificationStatuses[outcome] : statuses.throttled(outcome.retryAfter) };
    },
  }),
);

const VerifyEmailInput = builder.inputType('VerifyEmailInput', {
  description: 'What came by mail.',
  fields: (t) => ({ token: t.string({ description: 'From the link. It works once and for a day, until the address changes.' }) }),
});

const VerifyEmailPayload = plainPayload('verifyEmail');

builder.mutationField('verifyEmail', (t) =>
  t.field({
    description:
      'Opens a link that requestEmailVerification, register or changeEmail sent: the address is verified, or the new one takes the place of the old.',
    type: VerifyEmailPayload,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: VerifyEmailInput, description: 'The token.' }) },
    resolve: async (_root, { input }, { deps }) => {
      const outcome = await verifyEmail(deps(), input.token);
      if (typeof outcome === 'object') return { status: statuses.throttled(outcome.retryAfter) };
      if (outcome === 'dead-link') return { status: statuses.invalidInput, errors: onField('token', [invalidLink]) };
      return { status: outcome === 'changed' ? statuses.emailChanged : statuses.emailVerified };
    },
  }),
);

const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'Another email address.',
  fields: (t) => ({
    password: t.string({ description: 'One’s password, once more.' }),
    newEmail: t.string({ description: 'At most 254 characters.' }),
  }),
});

const ChangeEmailPayload = plainPayload('changeEmail');

builder.mutationField('changeEmail', (t) =>
  t.withAuth({ authenticated: true }).field({
    description:
      'Has a link for verifyEmail sent to the new address, at most one a minute. The old address stays until that is opened, and then hears of it.',
    type: ChangeEmailPayload,
    nullable: true,
    credentials: true,
    args: { input: t.arg({ type: ChangeEmailInput, description: 'Where mails are to go.' }) },
    resolve: async (_root, { input }, { deps, viewer }) =>
      payloadOf(await changeEmail({ ...deps(), viewer }, input), statuses.emailChangeRequested),
  }),
);
