import { defineEntity, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { coalesce } from './mail.ts';

const PasswordResetRequestSchema = defineEntity({
  name: 'PasswordResetRequest',
  tableName: 'password_reset_requests',
  repository: () => PasswordResetRequestRepository,
  properties: {
    /** In lower case, which may be longer than what was typed. */
    email: p.text().primary(),
    requestedAt: p.datetime().defaultRaw('now()'),
  },
});

/** An address that was typed into a request, until a worker has looked up its accounts. */
export class PasswordResetRequest extends PasswordResetRequestSchema.class {}
PasswordResetRequestSchema.setClass(PasswordResetRequest);

/** Accounts looked at for one request: a stranger can register many with a victim's address. */
const MAX_ACCOUNTS = 100;

export class PasswordResetRequestRepository extends EntityRepository<PasswordResetRequest> {
  /** Stores an address, whether or not an account has it: the time of the request must not tell. */
  async add(email: string): Promise<void> {
    await this.em.execute('insert into password_reset_requests (email) values (fold_case(?)) on conflict do nothing', [email]);
  }

  /**
   * Turns at most `limit` requests into mails, in one statement; how many requests. A mailbox gets one mail for all its accounts, and
   * an address that no account has gets the row of a mail that is never sent. The mails go to the addresses of the accounts, never to what
   * was typed: in Unicode, two addresses can have one lower case. Where they differ in ASCII case alone, only a verified spelling gets
   * a mail of its own, or strangers could multiply the mails by registering with other spellings.
   */
  async resolve(limit: number): Promise<number> {
    const [row] = await this.em.execute(
      `with taken as (
         delete from password_reset_requests where email in (
           select email from password_reset_requests order by requested_at limit ? for update skip locked
         ) returning email
       ), found as (
         select taken.email as asked, u.*,
                row_number() over (partition by lower(u.email collate "C") order by u.email_verified desc, u.id) as place,
                row_number() over (partition by u.email order by u.email_verified desc, u.id) as place_in_spelling
           from taken cross join lateral (
             select id, email, email_verified from users
              where fold_case(email) = fold_case(taken.email) and is_active and password_hash not like '!%'
              order by email_verified desc, id limit ${MAX_ACCOUNTS}) u
       ), queued as (
         insert into mails (user_id, kind, recipient, is_trusted, requested_at)
         select id, 'PASSWORD_RESET', email, true, clock_timestamp()
           from found where place = 1 or (email_verified and place_in_spelling = 1)
         ${coalesce}
       ), rehearsed as (
         insert into mails (kind, recipient, is_trusted, rehearsed_at)
         select 'PASSWORD_RESET', encode(sha256(convert_to(email, 'UTF8')), 'hex'), true, clock_timestamp()
           from taken where not exists (select 1 from found where asked = email)
         on conflict (recipient) where user_id is null do update
           set rehearsed_at = excluded.rehearsed_at, next_attempt_at = least(mails.next_attempt_at, now() + interval '1 minute')
       )
       select count(*)::int as count from taken`,
      [limit],
    );
    return Number(row?.count);
  }
}
