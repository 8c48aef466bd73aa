import { Migration } from '@mikro-orm/migrations';

export class Migration20261123000000_users_and_tokens extends Migration {
  override up(): void {
    this.addSql(`
      create table users (
        id serial primary key,
        username varchar(150) not null,
        canonical_username text null,
        email varchar(254) not null default '',
        first_name varchar(150) not null default '',
        last_name varchar(150) not null default '',
        password_hash varchar(255) not null,
        is_active boolean not null default true,
        is_staff boolean not null default false,
        is_superuser boolean not null default false,
        date_joined timestamptz not null default now(),
        last_login timestamptz null
      )`);
    this.addSql('alter table users add constraint users_username_unique unique (username)');
    this.addSql('alter table users add constraint users_canonical_username_unique unique (canonical_username)');
    this.addSql(`
      create table tokens (
        id bigserial primary key,
        digest varchar(64) not null,
        user_id int not null,
        created_at timestamptz not null default now()
      )`);
    this.addSql('alter table tokens add constraint tokens_digest_unique unique (digest)');
    this.addSql('create index tokens_user_id_index on tokens (user_id)');
    this.addSql('alter table tokens add constraint tokens_user_id_foreign foreign key (user_id) references users (id) on delete cascade');
  }

  override down(): void {
    this.addSql('drop table tokens');
    this.addSql('drop table users');
  }
}
