import type { MailKind } from './mail-kind.ts';

/** What a mail says. */
export type Letter = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
};

/** @param link URL; empty for mails without one */
type Facts = { readonly username: string; readonly link: string };

const IGNORE = 'If you did not ask for this, ignore this mail: nothing happens.';
const OBJECT = 'If it was not you, somebody else can get into your account. Ask for a password reset or turn to whoever runs this service.';

/** The text of each mail. Subjects hold nothing that a person chose. */
export const letters: Record<MailKind, (facts: Facts) => Letter> = {
  PASSWORD_RESET: ({ username, link }) => ({
    subject: 'Reset your password',
    paragraphs: [
      `Somebody asked to reset the password of the account “${username}”. The link below does it, within 60 minutes and once.`,
      IGNORE,
    ],
    link: { label: 'Choose a new password', url: link },
  }),
  EMAIL_VERIFICATION: ({ username, link }) => ({
    subject: 'Confirm your email address',
    paragraphs: [`This is the address of the account “${username}”. The link below confirms that, within a day.`, IGNORE],
    link: { label: 'Confirm this address', url: link },
  }),
  EMAIL_CHANGE: ({ username, link }) => ({
    subject: 'Confirm your new email address',
    paragraphs: [`This is to become the address of the account “${username}”. The link below makes it so, within a day.`, IGNORE],
    link: { label: 'Use this address', url: link },
  }),
  PASSWORD_CHANGED: ({ username }) => ({
    subject: 'Your password was changed',
    paragraphs: [`The password of the account “${username}” was changed, and its other devices were signed out.`, OBJECT],
  }),
  EMAIL_CHANGED: ({ username }) => ({
    subject: 'Your email address was changed',
    paragraphs: [`The account “${username}” has another email address now. This one will hear no more from it.`, OBJECT],
  }),
  ACCOUNT_LOCKED: ({ username }) => ({
    subject: 'Too many failed attempts to sign in',
    paragraphs: [
      `Too many wrong passwords were tried for the account “${username}”. For a while it only lets those in who come from where you have signed in during the last 30 days.`,
      'Your password is the same as before, and your devices stay signed in. If you cannot sign in, ask for a password reset: it lets you in from anywhere again.',
    ],
  }),
};
