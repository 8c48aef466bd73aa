import { Migration } from '@mikro-orm/migrations';

export class Migration20261128210100_published_payloads extends Migration {
  override up(): void {
    this.addSql(`
      create table published_payloads (
        id bigserial primary key,
        payload text not null,
        published_at timestamptz not null default now()
      )`);
  }

  override down(): void {
    this.addSql('drop table published_payloads');
  }
}
