import { Migration } from '@mikro-orm/migrations';

export class Migration20261202000000_display_name extends Migration {
  override up(): void {
    this.addSql(`alter table users add column display_name varchar(80) not null default ''`);
  }

  override down(): void {
    this.addSql('alter table users drop column display_name');
  }
}
