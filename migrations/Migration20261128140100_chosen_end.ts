import { Migration } from '@mikro-orm/migrations';

export class Migration20261128140100_chosen_end extends Migration {
  /** Tokens that somebody chose an end for have one already, in expires_at. Those of knox, whose digests are longer, keep theirs. */
  override up(): void {
    this.addSql('alter table tokens add column chosen_end timestamptz null');
    this.addSql('update tokens set chosen_end = expires_at where not slides and length(digest) = 64');
  }

  override down(): void {
    this.addSql('update tokens set expires_at = chosen_end where chosen_end is not null');
    this.addSql('alter table tokens drop column chosen_end');
  }
}
