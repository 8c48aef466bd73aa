import { Migration } from '@mikro-orm/migrations';

export class Migration20261123120000_mail extends Migration {
  override up(): void {
    this.addSql(`
      create table mails (
        id bigserial primary key,
        user_id int not null,
        kind varchar(40) not null,
        slot varchar(254) not null default '',
        recipient varchar(254) not null,
        requested_at timestamptz null,
        attempts int not null default 0,
        next_attempt_at timestamptz not null default now()
      )`);
    this.addSql('alter table mails add constraint mails_user_id_kind_slot_unique unique (user_id, kind, slot)');
    this.addSql('create index mails_next_attempt_at_index on mails (next_attempt_at)');
    this.addSql('alter table mails add constraint mails_user_id_foreign foreign key (user_id) references users (id) on delete cascade');

    this.addSql(`
      create table password_reset_requests (
        email text not null primary key,
        requested_at timestamptz not null default now()
      )`);
  }

  override down(): void {
    this.addSql('drop table password_reset_requests');
    this.addSql('drop table mails');
  }
}
