import { setTimeout as wait } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/sql';
import type { MailSettings } from '../../config/mail.ts';
import type { Mailer } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import { createQueue } from '../../services/queue.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { WriteLetter } from '../../shared/letter.ts';
import { composeMail } from './compose-mail.ts';
import { createDelivery, type Delivery, isRefusedForGood } from './delivery.ts';
import { type ClaimedMail, Mail, mailKinds } from './mail.ts';
import { budgetsOf } from './mail-budget.ts';
import { PasswordResetRequest } from './password-reset-request.ts';

/** What a mail came to: `put_off` is tried again, `given_up` is not; `dropped` was asked for too often. */
export type MailResult = 'sent' | 'put_off' | 'given_up' | 'dropped';

type Options = {
  readonly em: EntityManager;
  readonly settings: MailSettings;
  /** PRODUCT_NAME */
  readonly product: string;
  /** Letters in place of the server's own. */
  readonly letters: Readonly<Record<string, WriteLetter>>;
  /** Decides how much a mailbox gets. */
  readonly throttle: Throttle;
  readonly log: Log;
  /** Called for each attempt to send a mail. */
  readonly count?: ((result: MailResult) => void) | undefined;
  /** Milliseconds between looks at the queue, which other nodes fill as well. */
  readonly every?: number;
};

export type PostOffice = Mailer & {
  /** How many mails wait, counted up to 10,000; null when the database takes longer than a second to say. */
  readonly queued: () => Promise<number | null>;
  /** Takes no more mails and waits for those that are being sent, at most three times SMTP_TIMEOUT. */
  readonly stop: () => Promise<void>;
};

const BATCH = 100;
const MAX_COUNT = 10_000;

/** Sends the queued mails in the background. Several nodes share the work; requests never wait for it. */
export function createPostOffice({ every = 2000, ...options }: Options): PostOffice {
  const { em, settings, log } = options;
  const delivery = createDelivery(settings, log);
  const work = async (isStopped: () => boolean) => {
    const fork = em.fork();
    while (!isStopped() && (await fork.getRepository(PasswordResetRequest).resolve(BATCH)) === BATCH);
    while (!isStopped() && (await sendNext({ ...options, em: fork, delivery })));
  };
  return {
    ...createQueue({ work, log, failure: 'the mail queue could not be processed', every }),
    queued: () => Promise.race([em.fork().getRepository(Mail).countQueued(MAX_COUNT), wait(1000, null, { ref: false })]).catch(() => null),
  };
}

type Desk = Omit<Options, 'every'> & { readonly delivery: Delivery };

/** Sends one mail that is due. False when there is none. */
async function sendNext(desk: Desk): Promise<boolean> {
  const mails = desk.em.getRepository(Mail);
  const mail = await mails.claim();
  if (!mail) return false;
  try {
    if (await isOverBudget(desk, mail)) return true;
    await send(desk, mail);
    await mails.settle(mail);
  } catch (err) {
    await tryLater(desk, mail, err);
  }
  return true;
}

async function send({ em, delivery, count, ...stationery }: Desk, mail: ClaimedMail): Promise<void> {
  const letter = await composeMail(em, mail, stationery);
  if (!letter) return;
  if (mail.userId === null) return delivery.rehearse(letter);
  await delivery.deliver(mail.recipient, letter);
  count?.('sent');
}

async function tryLater({ em, log, count }: Desk, mail: ClaimedMail, err: unknown): Promise<void> {
  const { userId, kind, attempts } = mail;
  const mails = em.getRepository(Mail);
  if (userId === null) return mails.settle(mail);
  const isPutOff = !isRefusedForGood(err) && (await mails.putOff(mail));
  count?.(isPutOff ? 'put_off' : 'given_up');
  if (isPutOff) return log.warn({ err, kind, attempts }, 'a mail was not sent; it will be tried again');
  await mails.settle(mail);
  log.error({ err, kind, attempts }, 'a mail was given up');
}

/** Counts a mail once, however often it is tried. A mail over a budget of its mailbox is dropped, or waits until there is room. */
async function isOverBudget({ em, throttle, log, count }: Desk, mail: ClaimedMail): Promise<boolean> {
  const throttled = mail.attempts > 1 ? null : await throttle.count(budgetsOf(mail));
  if (!throttled) return false;
  const { kind, userId } = mail;
  const mails = em.getRepository(Mail);
  const isDropped = mailKinds[kind].askedBy === 'anybody';
  await (isDropped ? mails.settle(mail) : mails.leaveFor(mail, throttled.retryAfter));
  if (userId === null) return true;
  count?.(isDropped ? 'dropped' : 'put_off');
  log.warn({ kind, userId }, `a mailbox has had enough mails; one was ${isDropped ? 'dropped' : 'left for later'}`);
  return true;
}
