import normalizeEmail from 'validator/lib/normalizeEmail.js';
import type { Attempt } from '../../services/throttling/throttle.ts';
import { toLowerCase } from '../../shared/text.ts';
import { EMAIL_MAX_LENGTH } from '../users/email.ts';
import { type ClaimedMail, mailKinds } from './mail.ts';

/**
 * The budgets that a mail counts against, all of them of its mailbox. Notices to an account's owner have a budget of their own, so that
 * mails which strangers ask for never delay them. A stranger's account with a victim's address can use only a part of the mailbox's
 * budget, so that the victim can still reset a password.
 */
export function budgetsOf({ kind, recipient, isTrusted }: Pick<ClaimedMail, 'kind' | 'recipient' | 'isTrusted'>): Attempt[] {
  const of = mailboxOf(recipient);
  const { askedBy } = mailKinds[kind];
  if (askedBy === 'staff' || (askedBy === null && isTrusted)) {
    return [
      { budget: 'noticesPerHour', of },
      { budget: 'noticesPerDay', of },
    ];
  }
  const shared: Attempt[] = [
    { budget: 'mailsPerHour', of },
    { budget: 'mailsPerDay', of },
  ];
  if (isTrusted) return shared;
  return [{ budget: 'untrustedMailsPerHour', of }, { budget: 'untrustedMailsPerDay', of }, ...shared];
}

/** One name for the addresses that lead to one mailbox: in any case, with any `+tag`, and with what large providers leave out besides. */
function mailboxOf(address: string): string {
  const normal = normalizeEmail.default(address) || toLowerCase(address, EMAIL_MAX_LENGTH);
  return normal.replace(/\+[^@]*(?=@)/, '');
}
