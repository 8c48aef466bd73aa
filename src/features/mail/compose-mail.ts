import type { EntityManager } from '@mikro-orm/sql';
import type { MailSettings } from '../../config/mail.ts';
import { Link, type LinkPurpose, MAX_LISTED } from '../links/link.ts';
import { type Letter, letters, letterToSeveral } from './letters.ts';
import { type ClaimedMail, mailKinds } from './mail.ts';
import { shownName } from './shown-name.ts';

/** Writes a queued mail, with a fresh link each time it is tried; null if it is no longer wanted. A rehearsed mail is written too. */
export async function composeMail(em: EntityManager, mail: ClaimedMail, settings: MailSettings): Promise<Letter | null> {
  const { kind, username, isVerified } = mail;
  if (kind === 'PASSWORD_RESET') return composeReset(em, mail, settings);
  if (username === null) return null;
  const name = shownName({ username, isVerified });
  const purpose = mailKinds[kind].link;
  if (purpose === null) return letters[kind]({ name, link: '' });
  const token = await em.getRepository(Link).issue(purpose, mail);
  return token === null ? null : letters[kind]({ name, link: urlOf(purpose, token, settings) });
}

async function composeReset(em: EntityManager, mail: ClaimedMail, settings: MailSettings): Promise<Letter | null> {
  const issued = await em.getRepository(Link).issueToAll('password-reset', mail);
  const accounts = issued.map(({ token, ...account }) => ({ name: shownName(account), link: urlOf('password-reset', token, settings) }));
  const [first] = accounts;
  if (mail.userId === null) return letters.PASSWORD_RESET({ name: '', link: '' });
  if (!first) return null;
  return accounts.length === 1 ? letters.PASSWORD_RESET(first) : letterToSeveral(accounts, MAX_LISTED);
}

function urlOf(purpose: LinkPurpose, token: string, { passwordResetUrl, emailVerificationUrl }: MailSettings): string {
  const template = purpose === 'password-reset' ? passwordResetUrl : emailVerificationUrl;
  return template.replaceAll('{token}', token);
}
