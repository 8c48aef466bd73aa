import { Migration } from '@mikro-orm/migrations';

export class Migration20261123130000_attempts extends Migration {
  /** As rate-limiter-flexible has it. */
  override up(): void {
    this.addSql('create table attempts (key varchar(255) primary key, points integer not null default 0, expire bigint)');
    this.addSql('create index attempts_expire_index on attempts (expire)');
  }

  override down(): void {
    this.addSql('drop table attempts');
  }
}
