import normalizeEmail from 'validator/lib/normalizeEmail.js';
import type { Attempt } from '../../services/throttling/throttle.ts';
import { toLowerCase } from '../../shared/text.ts';
import { EMAIL_MAX_LENGTH } from '../users/email.ts';
import type { ClaimedMail } from './mail.repository.ts';
import { mailKinds } from './mail-kind.ts';

/**
 * The budgets that a mail counts against, all of them its mailbox's. What the server tells an account's owner has one of its own, so
 * that mails asked for by strangers never hold it up. A stranger's account with somebody else's address leaves a part of the mailbox's
 * budget unused, so that the owner can still reset a password.
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
