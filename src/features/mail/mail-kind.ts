import type { LinkPurpose } from '../links/link.ts';

type Rules = {
  /** What its link is for; null: the mail only tells what happened. */
  readonly link: LinkPurpose | null;
  /**
   * Who can have it sent; null: the server itself tells what happened to an account. When a mailbox has had enough, what anybody can ask
   * for is dropped, as they can ask again; the rest waits.
   */
  readonly askedBy: 'anybody' | 'staff' | null;
};

/** The mails this server sends. */
export const mailKinds = {
  PASSWORD_RESET: { link: 'password-reset', askedBy: 'anybody' },
  EMAIL_VERIFICATION: { link: 'email-verification', askedBy: 'anybody' },
  EMAIL_CHANGE: { link: 'email-change', askedBy: 'anybody' },
  PASSWORD_RESET_BY_STAFF: { link: 'password-reset', askedBy: 'staff' },
  PASSWORD_CHANGED: { link: null, askedBy: null },
  EMAIL_CHANGED: { link: null, askedBy: null },
  TOKEN_CREATED: { link: null, askedBy: null },
  STAFF_GRANTED: { link: null, askedBy: null },
  SUPERUSER_GRANTED: { link: null, askedBy: null },
  ACCOUNT_DEACTIVATED: { link: null, askedBy: null },
  ACCOUNT_ACTIVATED: { link: null, askedBy: null },
  ACCOUNT_LOCKED: { link: null, askedBy: null },
} as const satisfies Record<string, Rules>;

export type MailKind = keyof typeof mailKinds;
