import { Migration } from '@mikro-orm/migrations';

export class Migration20261128210000_deliveries extends Migration {
  override up(): void {
    this.addSql(`
      create table deliveries (
        id bigserial primary key,
        event_id uuid not null,
        type varchar(60) not null,
        listener varchar(100) not null,
        data jsonb not null,
        happened_at timestamptz not null default now(),
        attempts int not null default 0,
        next_attempt_at timestamptz null default now()
      )`);
    this.addSql('create index deliveries_next_attempt_at_index on deliveries (next_attempt_at)');
  }

  override down(): void {
    this.addSql('drop table deliveries');
  }
}
