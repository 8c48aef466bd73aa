import { Migration } from '@mikro-orm/migrations';

export class Migration20261123100000_token_life_and_mail extends Migration {
  override up(): void {
    this.addSql('alter table users add column email_verified boolean not null default false');
    this.addSql('create index users_email_lower_index on users (lower(email))');

    this.addSql(`
      alter table tokens
        add column name varchar(150) not null default '',
        add column last_used_at timestamptz null,
        add column expires_at timestamptz null,
        add column slides boolean not null default true,
        add column ip_address varchar(45) null,
        add column user_agent varchar(300) not null default ''`);
    this.addSql('create index tokens_expires_at_index on tokens (expires_at)');

    this.addSql(`
      create table security_events (
        id bigserial primary key,
        user_id int null,
        kind varchar(40) not null,
        happened_at timestamptz not null default now(),
        ip_address varchar(45) null,
        user_agent varchar(300) not null default '',
        token_id bigint null,
        token_name varchar(150) not null default ''
      )`);
    this.addSql('create index security_events_user_id_id_index on security_events (user_id, id)');
    this.addSql(
      'alter table security_events add constraint security_events_user_id_foreign foreign key (user_id) references users (id) on delete cascade',
    );

    this.addSql(`
      create table links (
        id bigserial primary key,
        digest varchar(64) not null,
        purpose varchar(20) not null,
        user_id int not null,
        email varchar(254) not null,
        account_state varchar(64) not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
      )`);
    this.addSql('alter table links add constraint links_digest_unique unique (digest)');
    this.addSql('create index links_user_id_index on links (user_id)');
    this.addSql('create index links_expires_at_index on links (expires_at)');
    this.addSql('alter table links add constraint links_user_id_foreign foreign key (user_id) references users (id) on delete cascade');
  }

  override down(): void {
    this.addSql('drop table links');
    this.addSql('drop table security_events');
    this.addSql(`alter table tokens drop column name, drop column last_used_at, drop column expires_at, drop column slides,
      drop column ip_address, drop column user_agent`);
    this.addSql('drop index users_email_lower_index');
    this.addSql('alter table users drop column email_verified');
  }
}
