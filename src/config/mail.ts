import { join } from 'node:path';
import isEmail from 'validator/lib/isEmail.js';
import { z } from 'zod';
import type { MailSettings } from './mail-settings.ts';

const hasProtocol = (value: string, protocols: readonly string[]) => URL.canParse(value) && protocols.includes(new URL(value).protocol);

const string = z.string({ error: ({ input }) => (input === undefined ? 'must be set in production when SMTP_URL is' : undefined) });

const smtpUrl = string.refine(
  (value) => hasProtocol(value, ['smtp:', 'smtps:']) && new URL(value).hostname !== '',
  'must be a URL like smtps://user:password@host:465',
);

const sender = string.refine(
  (value) => !/\p{Cc}/u.test(value) && isEmail.default(value, { allow_display_name: true, require_tld: false }),
  'must be an address like Example <no-reply@example.com>',
);

const linkUrl = string.refine(
  (value) => value.includes('{token}') && hasProtocol(value, ['http:', 'https:']),
  'must be a URL with {token} in it, like https://app.example.com/reset-password?token={token}',
);

/** The variables about mail. In seconds: SMTP_TIMEOUT, bounded so that a mail is done within the minute that a worker has it for. */
export const mailVariables = {
  SMTP_URL: smtpUrl.optional(),
  SMTP_TIMEOUT: z
    .string()
    .regex(/^([1-9]|1[0-5])s$/, 'must be from 1s to 15s')
    .transform((text) => Number(text.slice(0, -1)))
    .default(10),
  EMAIL_FROM: sender.optional(),
  PASSWORD_RESET_URL: linkUrl.optional(),
  EMAIL_VERIFICATION_URL: linkUrl.optional(),
};

/** What must not be guessed where mails go to people: the sender, and where their links lead. */
export const mailVariablesInProduction = { EMAIL_FROM: sender, PASSWORD_RESET_URL: linkUrl, EMAIL_VERIFICATION_URL: linkUrl };

const shape = z.object(mailVariables);
type Values = z.output<typeof shape> & { readonly DATA_DIR: string };

/** Null in production without SMTP_URL: that server sends no mail, rather than writing links to its log. */
export function mailSettings(values: Values, production: boolean): MailSettings | null {
  if (production && values.SMTP_URL === undefined) return null;
  return {
    smtpUrl: values.SMTP_URL ?? null,
    smtpTimeout: values.SMTP_TIMEOUT * 1000,
    outbox: join(values.DATA_DIR, 'outbox'),
    from: values.EMAIL_FROM ?? 'graphql-token-auth <no-reply@localhost>',
    passwordResetUrl: values.PASSWORD_RESET_URL ?? 'http://localhost:5173/reset-password?token={token}',
    emailVerificationUrl: values.EMAIL_VERIFICATION_URL ?? 'http://localhost:5173/verify-email?token={token}',
  };
}
