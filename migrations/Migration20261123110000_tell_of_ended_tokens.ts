import { Migration } from '@mikro-orm/migrations';

export class Migration20261123110000_tell_of_ended_tokens extends Migration {
  /** Triggers, so that no way to end a token can forget to tell: cascades, the command line and plain SQL included. */
  override up(): void {
    this.addSql(`
      create function tell_of_ended_token() returns trigger language plpgsql as $$
      begin
        perform pg_notify('token_ended', old.id::text);
        return null;
      end $$`);
    this.addSql('create trigger tokens_tell_of_end after delete on tokens for each row execute function tell_of_ended_token()');
    this.addSql(`
      create function tell_of_deactivated_user() returns trigger language plpgsql as $$
      begin
        perform pg_notify('token_ended', id::text) from tokens where user_id = old.id;
        insert into security_events (user_id, kind) values (old.id, 'ACCOUNT_DEACTIVATED');
        return null;
      end $$`);
    this.addSql(`
      create trigger users_tell_of_deactivation after update of is_active on users
        for each row when (old.is_active and not new.is_active) execute function tell_of_deactivated_user()`);
  }

  override down(): void {
    this.addSql('drop trigger users_tell_of_deactivation on users');
    this.addSql('drop function tell_of_deactivated_user');
    this.addSql('drop trigger tokens_tell_of_end on tokens');
    this.addSql('drop function tell_of_ended_token');
  }
}
