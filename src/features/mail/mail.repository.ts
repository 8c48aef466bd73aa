import { EntityRepository } from '@mikro-orm/sql';
import { coalesce } from './coalesce.ts';
import type { MailOrder } from './enqueue.ts';
import type { Mail } from './mail.entity.ts';
import { type MailKind, mailKinds } from './mail-kind.ts';

/** A mail that is this worker's to send for the next minute. */
export type ClaimedMail = {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly isTrusted: boolean;
  /** Null, as the username: nobody has the address, and nothing is sent. */
  readonly userId: number | null;
  readonly username: string | null;
  /** Whether the account has proved that it reads this mailbox. */
  readonly isVerified: boolean;
  /** As PostgreSQL writes it: to the microsecond, which a Date would cut off. */
  readonly requestedAt: string;
  /** This one included. */
  readonly attempts: number;
};

export class MailRepository extends EntityRepository<Mail> {
  /** Queues a mail in the caller's transaction. */
  async enqueue({ user, kind, recipient }: MailOrder): Promise<void> {
    const isOwn = recipient === user.email;
    await this.em.execute(
      `insert into mails (user_id, kind, slot, recipient, is_trusted, requested_at)
       select ?, ?, ?, ?, ? and (? or not exists (select 1 from users where fold_case(email) = fold_case(?) and id < ?)), clock_timestamp()
       ${coalesce}`,
      [user.id, kind, mailKinds[kind].link ? '' : recipient, recipient, isOwn, user.emailVerified, recipient, user.id],
    );
  }

  /** Takes what is queued of a kind back. */
  async cancel(userId: number, kind: MailKind): Promise<void> {
    await this.em.execute('update mails set requested_at = null where user_id = ? and kind = ?', [userId, kind]);
  }

  /** Takes the next mail that is due. A worker that dies over it loses it to another after a minute. */
  async claim(): Promise<ClaimedMail | null> {
    const [row] = await this.em.execute<ClaimedMail[]>(
      `update mails m set attempts = m.attempts + 1, next_attempt_at = now() + interval '1 minute'
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

  /** Ends a mail that was sent or need not be. What was requested meanwhile stays queued, for a minute later. */
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

  /** Puts a mail off: for one minute, two, four, up to an hour; after three days for good. Whether it will be tried again. */
  async putOff({ id }: ClaimedMail): Promise<boolean> {
    const [row] = await this.em.execute(
      `update mails
          set requested_at = case when requested_at > now() - interval '3 days' then requested_at end,
              next_attempt_at = now() + make_interval(mins => least(60, power(2, least(attempts, 10) - 1))::int)
        where id = ? returning requested_at is not null as "isQueued"`,
      [id],
    );
    return row?.isQueued === true;
  }

  /** How many wait to be sent, counted up to `limit`. */
  async countQueued(limit: number): Promise<number> {
    const [row] = await this.em.execute(
      'select count(*)::int as queued from (select 1 from mails where requested_at is not null limit ?) as some_mails',
      [limit],
    );
    return Number(row?.queued);
  }
}
