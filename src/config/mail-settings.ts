/** How mails are sent, and where their links lead. */
export type MailSettings = {
  /** SMTP_URL; null, for development only: mails become files. */
  readonly smtpUrl: string | null;
  /** Milliseconds to wait for any answer of the SMTP server. */
  readonly smtpTimeout: number;
  /** Where mails become files when there is no SMTP server. */
  readonly outbox: string;
  /** EMAIL_FROM, as in `Example <no-reply@example.com>`. */
  readonly from: string;
  /** URLs with `{token}` in them. From the configuration, never from a Host header: whoever sends that would get the tokens. */
  readonly passwordResetUrl: string;
  readonly emailVerificationUrl: string;
};
