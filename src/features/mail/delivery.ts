import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import escapeHtml from 'validator/lib/escape.js';
import type { MailSettings } from '../../config/mail.ts';
import type { Log } from '../../observability/log.ts';
import type { LabelledLink, Letter } from '../../shared/letter.ts';
import { claimFolder } from '../../shared/private-folder.ts';

/** Hands mails on. */
export type Delivery = {
  /** @throws when it was not taken */
  readonly deliver: (recipient: string, letter: Letter) => Promise<void>;
  /** Takes about as long and sends nothing, for an address that no account has. @throws when the server is away */
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

/** Whether a server refused this recipient or this text for good. A refused sender or password is for the operator to mend. */
export const isRefusedForGood = (error: unknown): boolean =>
  error instanceof Error &&
  'responseCode' in error &&
  Number(error.responseCode) >= 500 &&
  'command' in error &&
  (error.command === 'RCPT TO' || error.command === 'DATA');

/** A letter as the two parts of a mail. Everything in the HTML is escaped, the fixed sentences with it. */
const renderLetter = ({ subject, paragraphs, links = [], language = 'en' }: Letter): { subject: string; text: string; html: string } => ({
  subject,
  text: `${[...paragraphs, ...links.map(links.length > 1 ? labelled : urlOf)].join('\n\n')}\n`,
  html: page([...paragraphs.map(escaped), ...links.map(anchor)], language),
});

const escaped = (text: string): string => escapeHtml.default(text);

const urlOf = ({ url }: LabelledLink): string => url;

const labelled = ({ label, url }: LabelledLink): string => `${label}:\n${url}`;

const anchor = ({ label, url }: LabelledLink): string => `<a href="${escaped(url)}">${escaped(label)}</a><br>${escaped(url)}`;

const page = (paragraphs: readonly string[], language: string): string =>
  `<!doctype html>\n<html lang="${escaped(language)}"><body>\n${paragraphs.map((paragraph) => `<p>${paragraph}</p>\n`).join('')}</body></html>\n`;

const smtpOptions = (url: string, timeout: number) => ({
  url,
  connectionTimeout: timeout,
  greetingTimeout: timeout,
  socketTimeout: timeout,
  dnsTimeout: timeout,
});

/** Waits at most `timeout` milliseconds for anything, and three times that for a whole mail: a server may also answer byte by byte. */
function createSmtp(url: string, timeout: number) {
  const transport = createTransport(smtpOptions(url, timeout));
  const writer = createTransport({ streamTransport: true, buffer: true });
  const send = async (mail: SendMailOptions): Promise<void> => {
    await transport.sendMail({ ...mail, signal: AbortSignal.timeout(3 * timeout) });
  };
  /** Writes a mail, connects and logs in, but sends nothing. @throws what went wrong */
  const rehearse = async (mail: SendMailOptions): Promise<void> => {
    await writer.sendMail(mail);
    await verifySmtp(url, timeout);
  };
  return { send, rehearse };
}

/** Connects to an SMTP server and logs in if the URL names a user, but sends nothing. Waits as long as for a mail. @throws what went wrong */
export async function verifySmtp(url: string, timeout: number): Promise<void> {
  const socket = new Socket({ signal: AbortSignal.timeout(3 * timeout) });
  await createTransport({ ...smtpOptions(url, timeout), socket, forceAuth: new URL(url).username !== '' }).verify();
}

/** Writes mails into a folder, and their links to the log: for development, never where a link is a secret. */
function createOutbox(folder: string, log: Log) {
  const transport = createTransport({ streamTransport: true, buffer: true });
  const send = async (mail: SendMailOptions, { subject, links = [] }: Letter): Promise<void> => {
    const { message } = await transport.sendMail(mail);
    const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.eml`);
    claimFolder(dirname(folder));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, message, { mode: 0o600 });
    const link = links.map(({ url }) => url).join(' ') || undefined;
    log.info({ file, subject, link }, 'a mail was written to the outbox');
  };
  return { send, rehearse: async () => {} }; // its time is no secret from the developer
}
