import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import PostalMime from 'postal-mime';

/** A mail as its recipient gets it. */
export type SentMail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

const PATIENCE = 10_000; // milliseconds

/** Every mail in the folder where a server without SMTP_URL puts them, the first one first. */
export async function readOutbox(folder: string): Promise<SentMail[]> {
  const names = await readdir(folder).catch(() => []);
  const mails = names.filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(mails.map(async (name) => parse(await readFile(join(folder, name)))));
}

/** Waits for the nth mail to an address: mails go out after the answer. @param n from 1 @throws Error after ten seconds */
export async function waitForMail(folder: string, address: string, n: number): Promise<SentMail> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await setTimeout(20)) {
    const mail = (await readOutbox(folder)).filter(({ to }) => to === address)[n - 1];
    if (mail) return mail;
  }
  throw new Error(`There was no mail number ${n} to ${address}.`);
}

async function parse(raw: Buffer): Promise<SentMail> {
  const { to = [], subject = '', text = '', html = '' } = await PostalMime.parse(raw);
  return { to: to[0]?.address ?? '', subject, text, html };
}
