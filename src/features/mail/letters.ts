import type { MailKind } from './mail.ts';

export type LabelledLink = { readonly label: string; readonly url: string };

/** What a mail says. */
export type Letter = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly links?: readonly LabelledLink[];
};

/**
 * An account and its link.
 * @param name as `shownName` makes it
 * @param link URL; empty for mails without one
 */
type Facts = { readonly name: string; readonly link: string };

const IGNORE = 'If you did not ask for this, ignore this mail: nothing happens.';
const OBJECT =
  'If this was not you, someone else may have access to your account. Ask for a password reset at once, or contact the operator of this service.';
const CONTACT = 'If you did not expect this, contact the operator of this service.';
const RESET = 'Reset your password';

/** The text of each mail. Subjects hold nothing that a person chose. */
export const letters: Record<MailKind, (facts: Facts) => Letter> = {
  PASSWORD_RESET: ({ name, link }) => ({
    subject: RESET,
    paragraphs: [
      `A new password was asked for, for the account “${name}”. The link below lets you choose one. It works once, for 60 minutes.`,
      IGNORE,
    ],
    links: [{ label: 'Choose a new password', url: link }],
  }),
  PASSWORD_RESET_BY_STAFF: ({ name, link }) => ({
    subject: RESET,
    paragraphs: [
      `A member of staff sent you this mail so that you can choose a new password for the account “${name}”. The link below works once, for 60 minutes.`,
      'Your password stays as it is until you use the link.',
    ],
    links: [{ label: 'Choose a new password', url: link }],
  }),
  EMAIL_VERIFICATION: ({ name, link }) => ({
    subject: 'Confirm your email address',
    paragraphs: [
      `The account “${name}” was given this address. The link below confirms that it is yours. It works once, for a day.`,
      IGNORE,
    ],
    links: [{ label: 'Confirm this address', url: link }],
  }),
  EMAIL_CHANGE: ({ name, link }) => ({
    subject: 'Confirm your new email address',
    paragraphs: [`The account “${name}” is to move to this address. The link below makes the change. It works once, for a day.`, IGNORE],
    links: [{ label: 'Use this address', url: link }],
  }),
  PASSWORD_CHANGED: ({ name }) => ({
    subject: 'Your password was changed',
    paragraphs: [`The password of the account “${name}” was changed, and its other devices were signed out.`, OBJECT],
  }),
  EMAIL_CHANGED: ({ name }) => ({
    subject: 'Your email address was changed',
    paragraphs: [`The account “${name}” has another email address now. Further mails about it go there and not to you.`, OBJECT],
  }),
  TOKEN_CREATED: ({ name }) => ({
    subject: 'A token was created for your account',
    paragraphs: [
      `A token was created for the account “${name}”. Programs that have it can act for you until it expires or you revoke it.`,
      OBJECT,
    ],
  }),
  STAFF_GRANTED: ({ name }) => ({
    subject: 'Your account now has staff rights',
    paragraphs: [`The account “${name}” may now look after the accounts of others.`, CONTACT],
  }),
  SUPERUSER_GRANTED: ({ name }) => ({
    subject: 'Your account now has superuser rights',
    paragraphs: [`The account “${name}” may now do everything, including choosing who is staff.`, CONTACT],
  }),
  ACCOUNT_DEACTIVATED: ({ name }) => ({
    subject: 'Your account was closed',
    paragraphs: [`The account “${name}” was closed. Nobody can sign in to it until it is opened again.`, CONTACT],
  }),
  ACCOUNT_ACTIVATED: ({ name }) => ({
    subject: 'Your account was opened again',
    paragraphs: [`The account “${name}” was opened again. You can sign in to it as before.`, CONTACT],
  }),
  ACCOUNT_LOCKED: ({ name }) => ({
    subject: 'Too many failed attempts to sign in',
    paragraphs: [
      `Too many wrong passwords were tried for the account “${name}”. For a while it only lets those in who come from where you have signed in during the last 30 days.`,
      'Your password is the same as before, and your devices stay signed in. If you cannot sign in, ask for a password reset: it lets you in from anywhere again.',
    ],
  }),
};

/** PASSWORD_RESET for a mailbox with several accounts. @param limit how many are listed at most */
export const letterToSeveral = (accounts: readonly Facts[], limit: number): Letter => ({
  subject: RESET,
  paragraphs: [
    `A new password was asked for, and this address belongs to ${accounts.length === limit ? 'several' : accounts.length} accounts. Each link below lets you choose one for the account it names. It works once, for 60 minutes.`,
    ...(accounts.length === limit ? [`Only ${limit} accounts are listed.`] : []),
    IGNORE,
  ],
  links: accounts.map(({ name, link }) => ({ label: `Choose a new password for “${name}”`, url: link })),
});
