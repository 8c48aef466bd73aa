import { Migration } from '@mikro-orm/migrations';

/** Pages of users are read in these orders. The flags come first, so that a page costs the same whichever are asked for. */
const orders = {
  id: '(id::bigint), id',
  username: 'lower(username) collate "C", id',
  date_joined: 'date_joined, id',
  last_login: `coalesce(last_login, 'epoch'), id`,
};

/** What a search looks for the beginning of. */
const searched = {
  username: 'username',
  email: 'email',
  full_name: "first_name || ' ' || last_name",
  last_name: 'last_name',
};

export class Migration20261123140000_staff extends Migration {
  override up(): void {
    // No foreign key, as with token_id: who acted stays on record when their account is gone.
    this.addSql(`
      alter table security_events
        add column actor_id int null,
        add column actor_username varchar(150) not null default ''`);

    // A trigger, so that changes by plain SQL are on record too. Who acts says so in a setting of the transaction.
    this.addSql(`
      create function note_standing() returns trigger language plpgsql as $$
      declare
        act jsonb := coalesce(nullif(current_setting('graphql_token_auth.act', true), ''), '{}');
      begin
        insert into security_events (user_id, kind, actor_id, actor_username, ip_address, user_agent)
        select old.id, change.kind, (act->>'actorId')::int, coalesce(act->>'actorUsername', ''), act->>'ipAddress',
               coalesce(act->>'userAgent', '')
          from (values
            (old.is_active and not new.is_active, 'ACCOUNT_DEACTIVATED'),
            (new.is_active and not old.is_active, 'ACCOUNT_ACTIVATED'),
            (new.is_staff and not old.is_staff, 'STAFF_GRANTED'),
            (old.is_staff and not new.is_staff, 'STAFF_WITHDRAWN'),
            (new.is_superuser and not old.is_superuser, 'SUPERUSER_GRANTED'),
            (old.is_superuser and not new.is_superuser, 'SUPERUSER_WITHDRAWN')
          ) as change (happened, kind)
         where change.happened;
        return null;
      end $$`);
    this.addSql(`
      create trigger users_note_standing after update of is_active, is_staff, is_superuser on users
        for each row when ((old.is_active, old.is_staff, old.is_superuser) is distinct from (new.is_active, new.is_staff, new.is_superuser))
        execute function note_standing()`);
    this.addSql(`
      create or replace function tell_of_deactivated_user() returns trigger language plpgsql as $$
      begin
        perform pg_notify('token_ended', id::text) from tokens where user_id = old.id;
        return null;
      end $$`);

    for (const [name, columns] of Object.entries(orders)) {
      this.addSql(`create index users_by_${name}_index on users (is_active, is_staff, ${columns})`);
    }
    for (const [name, text] of Object.entries(searched)) {
      this.addSql(`create index users_search_${name}_index on users (lower(${text}) text_pattern_ops)`);
    }
  }

  override down(): void {
    for (const name of Object.keys(searched)) this.addSql(`drop index users_search_${name}_index`);
    for (const name of Object.keys(orders)) this.addSql(`drop index users_by_${name}_index`);
    this.addSql(`
      create or replace function tell_of_deactivated_user() returns trigger language plpgsql as $$
      begin
        perform pg_notify('token_ended', id::text) from tokens where user_id = old.id;
        insert into security_events (user_id, kind) values (old.id, 'ACCOUNT_DEACTIVATED');
        return null;
      end $$`);
    this.addSql('drop trigger users_note_standing on users');
    this.addSql('drop function note_standing');
    this.addSql('alter table security_events drop column actor_id, drop column actor_username');
  }
}
