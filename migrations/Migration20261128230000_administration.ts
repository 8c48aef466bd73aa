import { Migration } from '@mikro-orm/migrations';

export class Migration20261128230000_administration extends Migration {
  override up(): void {
    // The name of an account that staff deleted: its other events went with it.
    this.addSql("alter table security_events add column username varchar(150) not null default ''");
    this.addSql('create index security_events_kind_happened_at_index on security_events (kind, happened_at)'); // counts per hour
  }

  override down(): void {
    this.addSql('drop index security_events_kind_happened_at_index');
    this.addSql('alter table security_events drop column username');
  }
}
