import { Migration } from '@mikro-orm/migrations';

const recordStanding = (more: string) => `
  create or replace function note_standing() returns trigger language plpgsql as $$
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
        (old.is_superuser and not new.is_superuser, 'SUPERUSER_WITHDRAWN')${more}
      ) as change (happened, kind)
     where change.happened;
    return null;
  end $$`;

const noteOn = (columns: readonly string[]) => `
  create trigger users_note_standing after update of ${columns.join(', ')} on users
    for each row when ((${columns.map((column) => `old.${column}`)}) is distinct from (${columns.map((column) => `new.${column}`)}))
    execute function note_standing()`;

const rights = ['is_active', 'is_staff', 'is_superuser'];

export class Migration20261128200000_scopes extends Migration {
  override up(): void {
    this.addSql(`alter table users add column scopes text[] not null default '{}'`);
    this.addSql(recordStanding(`,\n        (old.scopes is distinct from new.scopes, 'SCOPES_CHANGED')`));
    this.addSql('drop trigger users_note_standing on users');
    this.addSql(noteOn([...rights, 'scopes']));
  }

  override down(): void {
    this.addSql('drop trigger users_note_standing on users');
    this.addSql(noteOn(rights));
    this.addSql(recordStanding(''));
    this.addSql('alter table users drop column scopes');
  }
}
