import { Migration } from '@mikro-orm/migrations';

export class Migration20261128222000_ended_tokens extends Migration {
  /**
   * What /revocations tells, kept for an hour for those who come back. Triggers, so that no way to end a token, or to change what it
   * stands for, can forget it. The transaction's number says where a reader is: ids are given before, and may become visible after
   * later ones.
   */
  override up(): void {
    this.addSql(`
      create table ended_tokens (
        id bigint generated always as identity primary key,
        token_id bigint not null,
        ended boolean not null,
        transaction xid8 not null default pg_current_xact_id(),
        happened_at timestamptz not null default now()
      )`);
    this.addSql('create index ended_tokens_transaction_index on ended_tokens (transaction)');
    this.addSql(`
      create function note_deleted_tokens() returns trigger language plpgsql as $$
      begin
        insert into ended_tokens (token_id, ended) select id, true from gone;
        if found then
          perform pg_notify('ended_tokens', '');
        end if;
        return null;
      end $$`);
    this.addSql(`
      create trigger tokens_note_deleted after delete on tokens
        referencing old table as gone for each statement execute function note_deleted_tokens()`);
    this.addSql(`
      create function note_changed_tokens() returns trigger language plpgsql as $$
      begin
        insert into ended_tokens (token_id, ended) select id, old.is_active and not new.is_active from tokens where user_id = new.id;
        if found then
          perform pg_notify('ended_tokens', '');
        end if;
        return null;
      end $$`);
    this.addSql(`
      create trigger users_note_changed_tokens after update of username, is_active, is_staff, is_superuser, scopes on users
        for each row when ((old.username, old.is_active, old.is_staff, old.is_superuser, old.scopes)
                           is distinct from (new.username, new.is_active, new.is_staff, new.is_superuser, new.scopes))
        execute function note_changed_tokens()`);
  }

  override down(): void {
    this.addSql('drop trigger users_note_changed_tokens on users');
    this.addSql('drop function note_changed_tokens');
    this.addSql('drop trigger tokens_note_deleted on tokens');
    this.addSql('drop function note_deleted_tokens');
    this.addSql('drop table ended_tokens');
  }
}
