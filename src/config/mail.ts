import { join } from 'node:path';
import isEmail from 'validator/lib/isEmail.js';
import { z } from 'zod';
import { secondsOf } from './values.ts';
import { documentation } from './variable.ts';

/** How mails are sent, and where their links lead. */
export type MailSettings = {
  /** SMTP_URL; null, in development only: mails become files. */
  readonly smtpUrl: string | null;
  /** Milliseconds to wait for each answer of the SMTP server. */
  readonly smtpTimeout: number;
  /** Where mails become files when there is no SMTP server. */
  readonly outbox: string;
  /** EMAIL_FROM, as in `Example <no-reply@example.com>`. */
  readonly from: string;
  /** URLs with `{token}` in them. They come from the configuration, never from a Host header: its sender would get the tokens. */
  readonly passwordResetUrl: string;
  readonly emailVerificationUrl: string;
};

const hasProtocol = (value: string, protocols: readonly string[]) => URL.canParse(value) && protocols.includes(new URL(value).protocol);

const string = z.string({ error: ({ input }) => (input === undefined ? 'must be set in production when SMTP_URL is set' : undefined) });

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

/** In seconds. Bounded so that a worker finishes a mail within the minute for which it has claimed it. */
const smtpTimeout = z
  .string()
  .regex(/^([1-9]|1[0-5])s$/, 'must be from 1s to 15s')
  .transform(secondsOf);

/** For mails that become files. Production has no defaults once SMTP_URL is set. */
const defaults = {
  from: 'graphql-token-auth <no-reply@localhost>',
  passwordResetUrl: 'http://localhost:5173/reset-password?token={token}',
  emailVerificationUrl: 'http://localhost:5173/verify-email?token={token}',
};

/** The server's own pages. The token follows a `#`: a browser sends that part to no server, so that no log has it. */
const ownPages = (base: string) => ({
  ...defaults,
  passwordResetUrl: `${base}/account/reset-password#token={token}`,
  emailVerificationUrl: `${base}/account/verify-email#token={token}`,
});

/** The variables about mail. */
export const mailVariables = {
  SMTP_URL: smtpUrl.optional().register(documentation, {
    what: 'The SMTP server that sends mails. Unset, mails become files in `DATA_DIR/outbox`; in production, none are sent.',
    more: '`smtps://user:password@host:465`, or `smtp://user:password@host:587`, which uses STARTTLS if the server offers it; `?requireTLS=true` insists. Without it, development logs the links in mails.',
    example: 'smtps://user:password@smtp.example.com:465',
    otherwise: 'none',
  }),
  SMTP_TIMEOUT: smtpTimeout.prefault('10s').register(documentation, {
    what: 'How long to wait for each answer of the SMTP server, from `1s` to `15s`.',
  }),
  EMAIL_FROM: sender.optional().register(documentation, {
    what: 'The sender of mails.',
    example: 'Example <no-reply@example.com>',
    otherwise: `\`${defaults.from}\``,
  }),
  PASSWORD_RESET_URL: linkUrl.optional().register(documentation, {
    what: 'The page of your front end where people choose a new password. The server replaces `{token}`.',
    example: 'https://app.example.com/reset-password?token={token}',
    otherwise: `with \`PAGES\` the server’s own page, else \`${defaults.passwordResetUrl}\``,
  }),
  EMAIL_VERIFICATION_URL: linkUrl.optional().register(documentation, {
    what: 'The page of your front end where people confirm an email address. The server replaces `{token}`.',
    example: 'https://app.example.com/verify-email?token={token}',
    otherwise: `with \`PAGES\` the server’s own page, else \`${defaults.emailVerificationUrl}\``,
  }),
};

/** The sender of mails and the pages of their links must not be guessed once mails go to people. */
export const mailVariablesInProduction = { EMAIL_FROM: sender, PASSWORD_RESET_URL: linkUrl, EMAIL_VERIFICATION_URL: linkUrl };

/** The same, where the server's own pages are the pages of their links. */
export const mailVariablesWithPages = { EMAIL_FROM: sender };

const shape = z.object(mailVariables);
type Values = z.output<typeof shape> & {
  readonly DATA_DIR: string;
  readonly PORT: number;
  readonly PAGES: boolean;
  readonly PUBLIC_URL?: string | undefined;
};

/** The settings; null in production without SMTP_URL: that server sends no mail, rather than writing links to its log. */
export function mailSettings(values: Values, production: boolean): MailSettings | null {
  if (production && values.SMTP_URL === undefined) return null;
  const { passwordResetUrl, emailVerificationUrl } = values.PAGES
    ? ownPages(values.PUBLIC_URL ?? `http://localhost:${values.PORT}`)
    : defaults;
  return {
    smtpUrl: values.SMTP_URL ?? null,
    smtpTimeout: values.SMTP_TIMEOUT * 1000,
    outbox: join(values.DATA_DIR, 'outbox'),
    from: values.EMAIL_FROM ?? defaults.from,
    passwordResetUrl: values.PASSWORD_RESET_URL ?? passwordResetUrl,
    emailVerificationUrl: values.EMAIL_VERIFICATION_URL ?? emailVerificationUrl,
  };
}
