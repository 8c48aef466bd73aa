import { Migration } from '@mikro-orm/migrations';

export class Migration20261201000000_notes extends Migration {
  override up(): void {
    this.addSql(`
      create table notes (
        id bigserial primary key,
        user_id int not null,
        text varchar(1000) not null,
        created_at timestamptz not null default now()
      )`);
    this.addSql('create index notes_user_id_id_index on notes (user_id, id)');
    this.addSql('alter table notes add constraint notes_user_id_foreign foreign key (user_id) references users (id) on delete cascade');
  }

  override down(): void {
    this.addSql('drop table notes');
  }
}
