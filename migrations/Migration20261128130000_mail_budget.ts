import { Migration } from '@mikro-orm/migrations';

export class Migration20261128130000_mail_budget extends Migration {
  override up(): void {
    this.addSql('alter table mails add column is_trusted boolean not null default false');

    // Mails and links of nobody: the work for an address that nobody has. The version before never sees them as due.
    this.addSql('alter table mails alter column user_id drop not null, add column rehearsed_at timestamptz null');
    this.addSql('create unique index mails_of_nobody_index on mails (recipient) where user_id is null');
    this.addSql('alter table links alter column user_id drop not null');
  }

  override down(): void {
    this.addSql('delete from links where user_id is null');
    this.addSql('alter table links alter column user_id set not null');
    this.addSql('drop index mails_of_nobody_index');
    this.addSql('delete from mails where user_id is null');
    this.addSql('alter table mails alter column user_id set not null, drop column rehearsed_at');
    this.addSql('alter table mails drop column is_trusted');
  }
}
