import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Log } from '../../observability/log.ts';
import { claimFolder } from '../../shared/private-folder.ts';
import type { Letter } from './letters.ts';

/** Writes mails into a folder, and their links to the log: for development, never where a link is a secret. */
export function createOutbox(folder: string, log: Log) {
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
