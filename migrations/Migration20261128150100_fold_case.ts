import { Migration } from '@mikro-orm/migrations';

const searched = {
  username: 'username',
  email: 'email',
  full_name: "first_name || ' ' || last_name",
  last_name: 'last_name',
};

export class Migration20261128150100_fold_case extends Migration {
  /**
   * lower() folds what the locale of the database says: in C, no letter beyond ASCII. This folds all of Unicode everywhere, by ICU or,
   * where a server was built without it, by what PostgreSQL 17 brings along.
   */
  override up(): void {
    this.addSql(`
      do $$
      declare
        folding text := (select collname from pg_collation where collname in ('und-x-icu', 'pg_c_utf8') order by collname desc limit 1);
      begin
        execute format(
          'create function fold_case(text) returns text language sql immutable parallel safe as %L',
          format('select pg_catalog.lower($1 collate pg_catalog.%I)', coalesce(folding, 'default')));
      end $$`);
    this.addSql('create index users_email_fold_index on users (fold_case(email))');
    this.addSql('drop index users_email_lower_index');
    for (const [name, text] of Object.entries(searched)) {
      this.addSql(`drop index users_search_${name}_index`);
      this.addSql(`create index users_search_${name}_index on users (fold_case(${text}) text_pattern_ops)`);
    }
  }

  override down(): void {
    for (const [name, text] of Object.entries(searched)) {
      this.addSql(`drop index users_search_${name}_index`);
      this.addSql(`create index users_search_${name}_index on users (lower(${text}) text_pattern_ops)`);
    }
    this.addSql('create index users_email_lower_index on users (lower(email))');
    this.addSql('drop index users_email_fold_index');
    this.addSql('drop function fold_case(text)');
  }
}
