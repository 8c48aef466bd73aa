import { Migration } from '@mikro-orm/migrations';

export class Migration20261203000000_members extends Migration {
  override up(): void {
    this.addSql(`
      alter table users
        add column nickname varchar(20) not null default '',
        add column handle varchar(20) null,
        add column age int null,
        add column score double precision not null default 0,
        add column is_member boolean not null default false,
        add column born_at timestamptz null,
        add column risk varchar(20) not null default 'low',
        add column note text not null default ''`);
    this.addSql('alter table users add constraint users_handle_unique unique (handle)');
  }
}
