import { EntityRepository } from '@mikro-orm/sql';
import { coalesce } from './coalesce.ts';
import type { PasswordResetRequest } from './password-reset-request.entity.ts';

export class PasswordResetRequestRepository extends EntityRepository<PasswordResetRequest> {
  /** Notes an address, whoever it belongs to: the request must not tell by its time whether anybody has it. */
  async add(email: string): Promise<void> {
    await this.em.execute('insert into password_reset_requests (email) values (fold_case(?)) on conflict do nothing', [email]);
  }

  /**
   * Turns at most `limit` requests into a mail per account, in one statement; how many requests. The mails go to the addresses of
   * the accounts, never to what was typed: in Unicode, two addresses can have one lower case.
   */
  async resolve(limit: number): Promise<number> {
    const [row] = await this.em.execute(
      `with taken as (
         delete from password_reset_requests where email in (
           select email from password_reset_requests order by requested_at limit ? for update skip locked
         ) returning email
       ), queued as (
         insert into mails (user_id, kind, recipient, requested_at)
         select u.id, 'PASSWORD_RESET', u.email, clock_timestamp()
           from taken join users u on fold_case(u.email) = fold_case(taken.email)
          where u.is_active and u.password_hash not like '!%'
         ${coalesce}
       )
       select count(*)::int as count from taken`,
      [limit],
    );
    return Number(row?.count);
  }
}
