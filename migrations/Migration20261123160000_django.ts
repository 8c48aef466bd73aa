import { Migration } from '@mikro-orm/migrations';

export class Migration20261123160000_django extends Migration {
  override up(): void {
    this.addSql('alter table tokens alter column digest type varchar(128)'); // SHA-512, of tokens that knox issued

    // What Django said when a user was last imported, so that a rerun can tell what was changed there and what here.
    // Without a foreign key: the row of an account that was deleted here stays, emptied, so that the account does not come back.
    this.addSql(`
      create table django_users (
        id int primary key,
        username varchar(150) null,
        email varchar(254) null,
        first_name varchar(150) null,
        last_name varchar(150) null,
        is_active boolean null,
        is_staff boolean null,
        is_superuser boolean null,
        password_there varchar(32) null,
        password_here varchar(32) null,
        tokens text[] not null default '{}'
      )`);
    this.addSql(`
      create function forget_django_user() returns trigger language plpgsql as $$
      begin
        update django_users
           set username = null, email = null, first_name = null, last_name = null, is_active = null, is_staff = null,
               is_superuser = null, password_there = null, password_here = null, tokens = '{}'
         where id = old.id;
        return null;
      end $$`);
    this.addSql('create trigger users_forget_django after delete on users for each row execute function forget_django_user()');
  }

  override down(): void {
    this.addSql('drop trigger users_forget_django on users');
    this.addSql('drop function forget_django_user');
    this.addSql('drop table django_users');
    this.addSql('delete from tokens where length(digest) > 64');
    this.addSql('alter table tokens alter column digest type varchar(64)');
  }
}
