import type { LinkPurpose } from '../links/link-purpose.ts';

type Rules = {
  /** What its link is for; null: the mail only tells what happened. */
  readonly link: LinkPurpose | null;
};

/** The mails this server sends. */
export const mailKinds = {
  PASSWORD_RESET: { link: 'password-reset' },
  EMAIL_VERIFICATION: { link: 'email-verification' },
  EMAIL_CHANGE: { link: 'email-change' },
  PASSWORD_CHANGED: { link: null },
  EMAIL_CHANGED: { link: null },
  ACCOUNT_LOCKED: { link: null },
} as const satisfies Record<string, Rules>;

export type MailKind = keyof typeof mailKinds;
