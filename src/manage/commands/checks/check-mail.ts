import type { Config } from '../../../config/config.ts';
import type { MailSettings } from '../../../config/mail.ts';
import { verifySmtp } from '../../../features/mail/delivery.ts';
import type { Finding } from './finding.ts';

const area = 'mail';

/** Whether mails would get out, and where their links lead. Sends none. */
export async function checkMail({ mail, production }: Config): Promise<Finding[]> {
  if (!mail) {
    const message = 'Off: operations that need a mail, such as a password reset, answer 501.';
    return [{ area, status: 'warning', message, advice: 'Set SMTP_URL, EMAIL_FROM, PASSWORD_RESET_URL and EMAIL_VERIFICATION_URL.' }];
  }
  return [await checkWay(mail), ...checkEncryption(mail), ...checkLinks(mail, production)];
}

async function checkWay({ smtpUrl, smtpTimeout, outbox }: MailSettings): Promise<Finding> {
  if (smtpUrl === null) return { area, status: 'ok', message: `Mails become files in ${outbox}.` };
  const { host, username } = new URL(smtpUrl);
  try {
    await verifySmtp(smtpUrl, smtpTimeout);
    return { area, status: 'ok', message: `${host} answers${username === '' ? '' : ' and accepts the login'}.` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isLogin = error instanceof Error && 'code' in error && error.code === 'EAUTH';
    const advice = isLogin
      ? 'Check the user and the password in SMTP_URL.'
      : 'Check host, port and protocol in SMTP_URL, and whether this machine may connect there.';
    return { area, status: 'error', message: `${host} ${isLogin ? 'refuses the login' : 'cannot be used'}: ${reason}`, advice };
  }
}

/** STARTTLS is used where it is offered, and an attacker in between can take the offer away. */
function checkEncryption({ smtpUrl }: MailSettings): Finding[] {
  if (smtpUrl === null) return [];
  const { protocol, username, searchParams } = new URL(smtpUrl);
  if (protocol === 'smtps:' || username === '' || searchParams.get('requireTLS') === 'true') return [];
  const message = 'The password of SMTP_URL may be sent without encryption.';
  return [{ area, status: 'warning', message, advice: 'Use smtps://, or add ?requireTLS=true.' }];
}

function checkLinks({ passwordResetUrl, emailVerificationUrl }: MailSettings, production: boolean): Finding[] {
  const urls = { PASSWORD_RESET_URL: passwordResetUrl, EMAIL_VERIFICATION_URL: emailVerificationUrl };
  return Object.entries(urls).map(([name, url]) => {
    if (!production || url.startsWith('https:')) return { area, status: 'ok', message: `Links of ${name} lead to ${new URL(url).host}.` };
    const message = `Links of ${name} lead to ${new URL(url).host} without TLS: an eavesdropper can take the account over.`;
    return { area, status: 'warning', message, advice: 'Serve that page by https.' };
  });
}
