import type { EntityManager } from '@mikro-orm/sql';
import type { MailSettings } from '../../config/mail.ts';
import type { Letter, LetterAccount, WriteLetter } from '../../shared/letter.ts';
import { Link, type LinkPurpose } from '../links/link.ts';
import { type LetterKind, letters as ours } from './letters.ts';
import { type ClaimedMail, mailKinds } from './mail.ts';
import { shownName } from './shown-name.ts';

/** How letters are written. */
export type Stationery = {
  readonly settings: MailSettings;
  /** PRODUCT_NAME */
  readonly product: string;
  /** The app's letters, which take the place of the server's own. */
  readonly letters: Readonly<Record<string, WriteLetter>>;
};

/** Writes a queued mail, with a fresh link each time it is tried; null if it is no longer wanted. A rehearsed mail is written too. */
export async function composeMail(em: EntityManager, mail: ClaimedMail, stationery: Stationery): Promise<Letter | null> {
  const { kind, username, isVerified } = mail;
  if (kind === 'PASSWORD_RESET') return composeReset(em, mail, stationery);
  if (username === null) return null;
  const name = shownName({ username, isVerified });
  const purpose = mailKinds[kind].link;
  if (purpose === null) return write(kind, [{ name, link: '' }], stationery);
  const token = await em.getRepository(Link).issue(purpose, mail);
  return token === null ? null : write(kind, [{ name, link: urlOf(purpose, token, stationery.settings) }], stationery);
}

async function composeReset(em: EntityManager, mail: ClaimedMail, stationery: Stationery): Promise<Letter | null> {
  const { settings } = stationery;
  const issued = await em.getRepository(Link).issueToAll('password-reset', mail);
  const accounts = issued.map(({ token, ...account }) => ({ name: shownName(account), link: urlOf('password-reset', token, settings) }));
  if (mail.userId === null) return write('PASSWORD_RESET', [{ name: '', link: '' }], stationery);
  if (accounts.length === 0) return null;
  return write(accounts.length === 1 ? 'PASSWORD_RESET' : 'PASSWORD_RESET_OF_SEVERAL', accounts, stationery);
}

function write(kind: LetterKind, accounts: readonly LetterAccount[], { letters, product }: Stationery): Letter {
  const { name, link } = accounts[0] ?? { name: '', link: '' };
  return (letters[kind] ?? ours[kind])({ name, link, product, accounts });
}

function urlOf(purpose: LinkPurpose, token: string, { passwordResetUrl, emailVerificationUrl }: MailSettings): string {
  const template = purpose === 'password-reset' ? passwordResetUrl : emailVerificationUrl;
  return template.replaceAll('{token}', token);
}
