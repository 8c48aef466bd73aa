import type { MailSettings } from '../../config/mail.ts';
import type { Log } from '../../observability/log.ts';
import type { Letter } from './letters.ts';
import { createOutbox } from './outbox.ts';
import { renderLetter } from './render-letter.ts';
import { createSmtp } from './smtp.ts';

/** Hands mails on. */
export type Delivery = {
  /** @throws when it was not taken */
  readonly deliver: (recipient: string, letter: Letter) => Promise<void>;
  /** Takes about as long and sends nothing, for an address that nobody has. @throws when the server is away */
  readonly rehearse: (letter: Letter) => Promise<void>;
};

/** Sends by SMTP, or, in development without an SMTP server, into files. */
export function createDelivery(settings: MailSettings, log: Log): Delivery {
  const { smtpUrl, from } = settings;
  const { send, rehearse } = smtpUrl === null ? createOutbox(settings.outbox, log) : createSmtp(smtpUrl, settings.smtpTimeout);
  const mailTo = (address: string, letter: Letter) => ({
    from,
    to: { name: '', address }, // as an object, so that nothing in it is read as a second address
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no out-of-office replies
    disableFileAccess: true,
    disableUrlAccess: true,
    ...renderLetter(letter),
  });
  return {
    deliver: (recipient, letter) => send(mailTo(recipient, letter), letter),
    rehearse: (letter) => rehearse(mailTo('nobody@example.invalid', letter)),
  };
}

/** Whether a server refused this recipient or this text for good. Refusals of the sender or the password are the operator's to mend. */
export const isRefusedForGood = (error: unknown): boolean =>
  error instanceof Error &&
  'responseCode' in error &&
  Number(error.responseCode) >= 500 &&
  'command' in error &&
  (error.command === 'RCPT TO' || error.command === 'DATA');
