import { type AddressInfo, createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { TestApp } from '../app/test-app.ts';
import { until } from '../until.ts';

/** A mail as a person gets it. `raw` is every byte of it. */
export type ReceivedMail = ParsedMail & { readonly recipient: string; readonly raw: string };

export type Mailbox = {
  /** For SMTP_URL. */
  readonly url: string;
  /** Every mail taken so far, the first one first. */
  readonly mails: ReceivedMail[];
  /** Waits for the nth mail to an address. @param n from 1 */
  readonly mailTo: (address: string, n?: number) => Promise<ReceivedMail>;
  /** The token of the link in the nth mail to an address. */
  readonly tokenTo: (address: string, n?: number) => Promise<string>;
  /** Answers every recipient with this SMTP code from now on; undefined: takes mails again. */
  readonly refuse: (code: number | undefined) => void;
  /** Leaves mails unanswered from now on, until the returned function is called. */
  readonly hold: () => () => void;
  /** How many times somebody wanted to hand a mail over. */
  readonly tries: () => number;
  /** How many times somebody connected. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** The token in a mail's link, in its text part. */
export const tokenOf = ({ text = '' }: ParsedMail): string => /token=([0-9a-f]{40})\b/.exec(text)?.[1] ?? '';

/** Lets somebody's next mail go out at once instead of a minute after the last one, once that is accounted for. */
export async function skipTheMinute({ sql, graphql }: TestApp, userId: string): Promise<void> {
  await until(async () => (await sql('select 1 from mails where user_id = ? and attempts > 0', [userId])).length === 0);
  await sql('update mails set next_attempt_at = now() where user_id = ?', [userId]);
  // Wakes the worker, which would look by itself within two seconds.
  await graphql('mutation { requestPasswordReset(input: { email: "nobody@example.org" }) { status { code } } }');
}

type Options = {
  /** Of one that was closed; else a free one. */
  readonly port?: number;
  /** Asks for this password, whoever comes. */
  readonly password?: string;
};

/** A real SMTP server that keeps what it gets. */
export async function openMailbox({ port = 0, password }: Options = {}): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let refusal: number | undefined;
  let gate = Promise.resolve();
  let tries = 0;
  let connections = 0;
  const onData: NonNullable<SMTPServerOptions['onData']> = async (stream, session, done) => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    await gate;
    const recipient = session.envelope.rcptTo[0]?.address ?? '';
    mails.push({ ...(await simpleParser(raw)), recipient, raw });
    done();
  };
  const server = new SMTPServer({
    authOptional: password === undefined,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => (auth.password === password ? done(null, { user: auth.username }) : done(new Error('wrong'))),
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      tries++;
      done(refusal === undefined ? null : Object.assign(new Error('not now'), { responseCode: refusal }));
    },
    onConnect: (_session, done) => {
      connections++;
      done();
    },
    onData,
  });
  server.on('error', () => {}); // a client that goes away is no failure of a test
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const mailTo: Mailbox['mailTo'] = async (address, n = 1) => {
    const found = () => mails.filter(({ recipient }) => recipient === address)[n - 1];
    await until(() => found() !== undefined);
    const mail = found();
    if (!mail) throw new Error('no mail');
    return mail;
  };
  return {
    url: `smtp://127.0.0.1:${portOf(server.server)}`,
    mails,
    mailTo,
    tokenTo: async (address, n) => tokenOf(await mailTo(address, n)),
    refuse: (code) => {
      refusal = code;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    tries: () => tries,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** A server that accepts connections and never says a word. */
export async function openSilence(): Promise<{ url: string; connections: () => number; close: () => Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await promisify(server.close.bind(server))();
  };
  return { url: `smtp://127.0.0.1:${portOf(server)}`, connections: () => sockets.size, close };
}
