import { defineEntity, p } from '@mikro-orm/core';
import { type EntityManager, EntityRepository } from '@mikro-orm/sql';
import { BACKED_OFF, LEASED, PATIENCE } from '../../services/queue.ts';
import type { LinkPurpose } from '../links/link.ts';
import { User } from '../users/user.ts';

type Rules = {
  /** What its link is for; null: the mail is a notice without a link. */
  readonly link: LinkPurpose | null;
  /**
   * Who can ask for it; null: the server sends it by itself, as a notice. When a mailbox has had enough, mails that strangers can ask for
   * are dropped, as people can ask again; the others wait.
   */
  readonly askedBy: 'anybody' | 'staff' | null;
};

/** The mails this server sends. */
export const mailKinds = {
  PASSWORD_RESET: { link: 'password-reset', askedBy: 'anybody' },
  EMAIL_VERIFICATION: { link: 'email-verification', askedBy: 'anybody' },
  EMAIL_CHANGE: { link: 'email-change', askedBy: 'anybody' },
  PASSWORD_RESET_BY_STAFF: { link: 'password-reset', askedBy: 'staff' },
  PASSWORD_CHANGED: { link: null, askedBy: null },
  EMAIL_CHANGED: { link: null, askedBy: null },
  TOKEN_CREATED: { link: null, askedBy: null },
  STAFF_GRANTED: { link: null, askedBy: null },
  SUPERUSER_GRANTED: { link: null, askedBy: null },
  ACCOUNT_DEACTIVATED: { link: null, askedBy: null },
  ACCOUNT_ACTIVATED: { link: null, askedBy: null },
  ACCOUNT_LOCKED: { link: null, askedBy: null },
} as const satisfies Record<string, Rules>;

export type MailKind = keyof typeof mailKinds;

const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  repository: () => MailRepository,
  uniques: [{ properties: ['user', 'kind', 'slot'] }],
  indexes: [
    { name: 'mails_of_nobody_index', expression: 'create unique index mails_of_nobody_index on mails (recipient) where user_id is null' },
  ],
  properties: {
    id: p.bigint('string').primary(),
    /** Null: nothing is sent, see `rehearsedAt`. */
    user: () => p.manyToOne(User).deleteRule('cascade').nullable(),
    kind: p.string().length(40).$type<MailKind>(),
    /** Empty for mails with a link: a newer one replaces an older. The recipient for notices, so that none replaces another. */
    slot: p.string().length(254).default(''),
    recipient: p.string().length(254),
    /** Whether the account is trusted to write to that mailbox: it has verified the address, or no older account has it. */
    isTrusted: p.boolean().default(false),
    /** Null: nothing is to be sent; the row only keeps the next mail from following too soon. */
    requestedAt: p.datetime().nullable(),
    /** In place of `requestedAt` if no account has the address: the same work without the sending, so that its time tells nothing. */
    rehearsedAt: p.datetime().nullable(),
    /** Since the last success. */
    attempts: p.integer().default(0),
    nextAttemptAt: p.datetime().defaultRaw('now()').index(),
  },
});

/** A mail to send to a user about the account. It holds neither text nor link: both are made at the moment of sending. */
export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);

/**
 * SQL that ends an insert into `mails`. A request for a mail that is queued already merges with it, and a mail that failed gets another
 * try; the minute between two mails is kept.
 */
export const coalesce = `
  on conflict (user_id, kind, slot) do update
    set recipient = excluded.recipient, is_trusted = excluded.is_trusted, requested_at = excluded.requested_at,
        next_attempt_at = least(mails.next_attempt_at, now() + interval '1 minute')`;

/** A mail to send, and the account as it was before what the mail is about. */
type MailOrder = {
  readonly user: Pick<User, 'id' | 'email' | 'emailVerified'>;
  readonly kind: MailKind;
  readonly recipient: string;
};

/** A mail that this worker has claimed for the next minute. */
export type ClaimedMail = {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly isTrusted: boolean;
  /** Null, as the username is, if no account has the address; nothing is sent. */
  readonly userId: number | null;
  readonly username: string | null;
  /** Whether the account has proved that it reads this mailbox. */
  readonly isVerified: boolean;
  /** As PostgreSQL writes it: to the microsecond, which a Date would cut off. */
  readonly requestedAt: string;
  /** Including this one. */
  readonly attempts: number;
};

export class MailRepository extends EntityRepository<Mail> {
  /** Queues a mail in the caller's transaction: it is sent if and only if that commits. Nothing to an empty address. */
  async enqueue({ user, kind, recipient }: MailOrder): Promise<void> {
    if (recipient === '') return;
    const isOwn = recipient === user.email;
    await this.em.execute(
      `insert into mails (user_id, kind, slot, recipient, is_trusted, requested_at)
       select ?, ?, ?, ?, ? and (? or not exists (select 1 from users where fold_case(email) = fold_case(?) and id < ?)), clock_timestamp()
       ${coalesce}`,
      [user.id, kind, mailKinds[kind].link ? '' : recipient, recipient, isOwn, user.emailVerified, recipient, user.id],
    );
  }

  /** Takes the next mail that is due. If the worker dies, another one takes the mail after a minute. */
  async claim(): Promise<ClaimedMail | null> {
    const [row] = await this.em.execute<ClaimedMail[]>(
      `update mails m set attempts = m.attempts + 1, next_attempt_at = ${LEASED}
        where m.id = (
          select id from mails where (requested_at is not null or rehearsed_at is not null) and next_attempt_at <= now()
           order by next_attempt_at limit 1 for update skip locked)
       returning m.id::text, m.kind, m.user_id as "userId", m.recipient, m.is_trusted as "isTrusted", m.attempts,
                 coalesce(m.requested_at, m.rehearsed_at)::text as "requestedAt",
                 (select username from users where id = m.user_id) as username,
                 exists (select 1 from users where id = m.user_id and email = m.recipient and email_verified) as "isVerified"`,
    );
    return row ?? null;
  }

  /** Settles a mail that was sent or is not needed. A request made meanwhile stays queued, for a minute later. */
  async settle({ id, requestedAt }: ClaimedMail): Promise<void> {
    await this.em.execute(
      `update mails
          set requested_at = nullif(requested_at, ?::timestamptz), rehearsed_at = nullif(rehearsed_at, ?::timestamptz),
              attempts = 0, next_attempt_at = now() + interval '1 minute'
        where id = ?`,
      [requestedAt, requestedAt, id],
    );
  }

  /** Leaves a mail for later without having tried to send it. @param seconds from now */
  async leaveFor({ id }: ClaimedMail, seconds: number): Promise<void> {
    await this.em.execute('update mails set attempts = 0, next_attempt_at = now() + make_interval(secs => ?) where id = ?', [seconds, id]);
  }

  /** Puts a mail off: for one minute, two, four, up to an hour; after three days it gives up. Whether the mail will be tried again. */
  async putOff({ id }: ClaimedMail): Promise<boolean> {
    const [row] = await this.em.execute(
      `update mails
          set requested_at = case when requested_at > now() - ${PATIENCE} then requested_at end,
              next_attempt_at = ${BACKED_OFF}
        where id = ? returning requested_at is not null as "isQueued"`,
      [id],
    );
    return row?.isQueued === true;
  }

  /** How many mails wait to be sent, counted up to `limit`. */
  async countQueued(limit: number): Promise<number> {
    const [row] = await this.em.execute(
      'select count(*)::int as queued from (select 1 from mails where requested_at is not null limit ?) as some_mails',
      [limit],
    );
    return Number(row?.queued);
  }
}

/** Deletes at most `limit` rows of mails that were settled over a minute ago. How many. */
export async function sweepSettledMails(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    `delete from mails where id in (
       select id from mails where requested_at is null and next_attempt_at <= now() limit ? for update skip locked
     ) returning 1`,
    [limit],
  );
  return rows.length;
}
