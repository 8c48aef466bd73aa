import { Socket } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';

const options = (url: string, timeout: number) => ({
  url,
  connectionTimeout: timeout,
  greetingTimeout: timeout,
  socketTimeout: timeout,
  dnsTimeout: timeout,
});

/** Waits at most `timeout` milliseconds for anything, and three times that for a whole mail: a server may also answer drop by drop. */
export function createSmtp(url: string, timeout: number) {
  const transport = createTransport(options(url, timeout));
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

/** Connects to an SMTP server and logs in, where the URL says as whom, but sends nothing. Waits as long as for a mail. @throws what went wrong */
export async function verifySmtp(url: string, timeout: number): Promise<void> {
  const socket = new Socket({ signal: AbortSignal.timeout(3 * timeout) });
  await createTransport({ ...options(url, timeout), socket, forceAuth: new URL(url).username !== '' }).verify();
}
