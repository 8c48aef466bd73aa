import { Migration } from '@mikro-orm/migrations';

export class Migration20261128201010_verified_addresses extends Migration {
  /**
   * A verified address belongs to one account, whatever its case, as it may stand for the username. Where several accounts had verified one,
   * the open one that logged in last keeps it; the others keep the address, unverified. From here on the first account that verifies an
   * address has it until it gives it up: otherwise whoever registers with a stranger's address and has them click could take it from their
   * account. A trigger decides, so that nothing fails: not the version before, no import, and no race, which the lock settles.
   */
  override up(): void {
    this.addSql(`
      with ranked as (
        select id, row_number() over (partition by fold_case(email) order by is_active desc, last_login desc nulls last, id) as place
          from users where email_verified)
      update users u set email_verified = false from ranked r where r.id = u.id and (r.place > 1 or u.email = '')`);
    this.addSql('create unique index users_verified_email_key on users (fold_case(email)) where email_verified');
    this.addSql(`
      create function claim_address() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended(fold_case(new.email), 8264));
        new.email_verified := new.email <> '' and not exists (
          select from users where email_verified and fold_case(email) = fold_case(new.email) and id <> new.id);
        return new;
      end $$`);
    this.addSql(`
      create trigger users_claim_address before insert or update of email, email_verified on users
        for each row when (new.email_verified) execute function claim_address()`);
  }

  override down(): void {
    this.addSql('drop trigger users_claim_address on users');
    this.addSql('drop function claim_address()');
    this.addSql('drop index users_verified_email_key');
  }
}
