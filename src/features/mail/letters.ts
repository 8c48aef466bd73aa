import type { WriteLetter } from '../../shared/letter.ts';
import { MAX_LISTED } from '../links/link.ts';
import type { MailKind } from './mail.ts';

/** Every letter there is: one for each kind of mail, and one for a mailbox with several accounts. */
export type LetterKind = MailKind | 'PASSWORD_RESET_OF_SEVERAL';

const IGNORE = 'If you did not ask for this, you can ignore this mail. Nothing will change.';
const OBJECT =
  'If you did not do this, someone else may have access to your account. Ask for a password reset at once, or contact the operator of this service.';
const CONTACT = 'If you did not expect this, contact the operator of this service.';
const RESET = 'Reset your password';

/** The text of each mail. Subjects contain no text that a user chose. */
export const letters: Readonly<Record<LetterKind, WriteLetter>> = {
  PASSWORD_RESET: ({ name, link }) => ({
    subject: RESET,
    paragraphs: [
      `We received a request to reset the password of the account “${name}”. The link below lets you choose a new one. It works once, for 60 minutes.`,
      IGNORE,
    ],
    links: [{ label: 'Choose a new password', url: link }],
  }),
  PASSWORD_RESET_BY_STAFF: ({ name, link }) => ({
    subject: RESET,
    paragraphs: [
      `A member of staff sent you this mail so that you can choose a new password for the account “${name}”. The link below works once, for 60 minutes.`,
      'Your current password works until you choose a new one.',
    ],
    links: [{ label: 'Choose a new password', url: link }],
  }),
  EMAIL_VERIFICATION: ({ name, link }) => ({
    subject: 'Confirm your email address',
    paragraphs: [
      `The account “${name}” uses this email address. The link below confirms that the address is yours. It works once, for 24 hours.`,
      IGNORE,
    ],
    links: [{ label: 'Confirm this address', url: link }],
  }),
  EMAIL_CHANGE: ({ name, link }) => ({
    subject: 'Confirm your new email address',
    paragraphs: [
      `The owner of the account “${name}” asked to use this email address. The link below makes the change. It works once, for 24 hours.`,
      IGNORE,
    ],
    links: [{ label: 'Use this address', url: link }],
  }),
  PASSWORD_CHANGED: ({ name }) => ({
    subject: 'Your password was changed',
    paragraphs: [`The password of the account “${name}” was changed, and its other devices were signed out.`, OBJECT],
  }),
  EMAIL_CHANGED: ({ name }) => ({
    subject: 'Your email address was changed',
    paragraphs: [`The account “${name}” now has another email address. Further mails about the account go there, not here.`, OBJECT],
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
    paragraphs: [`The account “${name}” may now manage the accounts of others.`, CONTACT],
  }),
  SUPERUSER_GRANTED: ({ name }) => ({
    subject: 'Your account now has superuser rights',
    paragraphs: [`The account “${name}” may now do everything, including choosing who is staff.`, CONTACT],
  }),
  ACCOUNT_DEACTIVATED: ({ name }) => ({
    subject: 'Your account was closed',
    paragraphs: [`The account “${name}” was closed. You cannot sign in to it until it is opened again.`, CONTACT],
  }),
  ACCOUNT_ACTIVATED: ({ name }) => ({
    subject: 'Your account was opened again',
    paragraphs: [`The account “${name}” was opened again. You can sign in to it as before.`, CONTACT],
  }),
  ACCOUNT_LOCKED: ({ name }) => ({
    subject: 'Too many failed attempts to sign in',
    paragraphs: [
      `There were too many attempts to sign in to the account “${name}” with a wrong password. For a while, signing in works only from networks that you signed in from during the last 30 days.`,
      'Your password is the same as before, and your devices stay signed in. If you cannot sign in, ask for a password reset; after it you can sign in from anywhere again.',
    ],
  }),
  PASSWORD_RESET_OF_SEVERAL: ({ accounts }) => ({
    subject: RESET,
    paragraphs: [
      `We received a request to reset your password, and this address belongs to ${accounts.length === MAX_LISTED ? 'several' : accounts.length} accounts. Each link below lets you choose a new password for the account it names. Each link works once, for 60 minutes.`,
      ...(accounts.length === MAX_LISTED ? [`Only ${MAX_LISTED} accounts are listed.`] : []),
      IGNORE,
    ],
    links: accounts.map(({ name, link }) => ({ label: `Choose a new password for “${name}”`, url: link })),
  }),
};

export const isLetterKind = (name: string): name is LetterKind => Object.hasOwn(letters, name);
