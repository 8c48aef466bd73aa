import { Migration } from '@mikro-orm/migrations';

export class Migration20261128140000_closed_accounts_wake_without_tokens extends Migration {
  /**
   * A thief's token, and a link in a mailbox that a thief reads, must not work again when an account is opened. A trigger, so that
   * no way to open one can forget it. An import, which does in one go what Django does, sets graphql_token_auth.follows_django.
   */
  override up(): void {
    this.addSql(`
      create function end_what_was_issued_before() returns trigger language plpgsql as $$
      declare
        act jsonb := coalesce(nullif(current_setting('graphql_token_auth.act', true), ''), '{}');
      begin
        delete from links where user_id = new.id;
        with ended as (delete from tokens where user_id = new.id returning id, name)
        insert into security_events (user_id, kind, token_id, token_name, actor_id, actor_username, ip_address, user_agent)
        select new.id, 'TOKEN_REVOKED', id, name, (act->>'actorId')::int, coalesce(act->>'actorUsername', ''), act->>'ipAddress',
               coalesce(act->>'userAgent', '')
          from ended;
        return null;
      end $$`);
    this.addSql(`
      create trigger users_end_what_was_issued_before after update of is_active on users
        for each row when (new.is_active and not old.is_active
                           and current_setting('graphql_token_auth.follows_django', true) is distinct from 'on')
        execute function end_what_was_issued_before()`);
  }

  override down(): void {
    this.addSql('drop trigger users_end_what_was_issued_before on users');
    this.addSql('drop function end_what_was_issued_before');
  }
}
