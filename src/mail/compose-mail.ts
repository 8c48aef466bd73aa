import type { EntityManager } from '@mikro-orm/sql';
import { Link } from '../links/link.entity.ts';
import type { LinkPurpose } from '../links/link-purpose.ts';
import { type Letter, letters } from './letters.ts';
import type { ClaimedMail } from './mail.repository.ts';
import { mailKinds } from './mail-kind.ts';
import type { MailSettings } from './mail-settings.ts';

/** Writes a queued mail, with a fresh link each time it is tried; null when it is not wanted any more. */
export async function composeMail(em: EntityManager, mail: ClaimedMail, settings: MailSettings): Promise<Letter | null> {
  const { kind, username } = mail;
  const purpose = mailKinds[kind].link;
  if (purpose === null) return letters[kind]({ username, link: '' });
  const token = await em.getRepository(Link).issue(purpose, mail);
  return token === null ? null : letters[kind]({ username, link: urlOf(purpose, token, settings) });
}

function urlOf(purpose: LinkPurpose, token: string, { passwordResetUrl, emailVerificationUrl }: MailSettings): string {
  const template = purpose === 'password-reset' ? passwordResetUrl : emailVerificationUrl;
  return template.replaceAll('{token}', token);
}
