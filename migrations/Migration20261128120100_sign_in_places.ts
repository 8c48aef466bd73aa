import { Migration } from '@mikro-orm/migrations';

export class Migration20261128120100_sign_in_places extends Migration {
  /** Begins with what the security events know, so that nobody is a stranger at home right after an upgrade. */
  override up(): void {
    this.addSql(`
      create table sign_in_places (
        user_id int not null references users (id) on delete cascade,
        block cidr not null,
        last_at timestamptz not null default now(),
        primary key (user_id, block)
      )`);
    this.addSql('create index sign_in_places_last_at_index on sign_in_places (last_at)');
    this.addSql(`
      insert into sign_in_places (user_id, block, last_at)
      select user_id, network(set_masklen(ip_address::inet, case when ip_address like '%:%' then 64 else 32 end)), max(happened_at)
        from security_events
       where kind in ('LOGGED_IN', 'REGISTERED') and user_id is not null and happened_at > now() - interval '30 days'
         and ip_address ~ '^(\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-f:.]*:[0-9a-f:.]*)$'
       group by 1, 2`);
  }

  override down(): void {
    this.addSql('drop table sign_in_places');
  }
}
