import { Migration } from '@mikro-orm/migrations';
import { canonicalUsername } from '../src/features/users/username.ts';

export class Migration20261128160000_username_keys extends Migration {
  /**
   * Makes the keys anew by which names are one in any case, where they may differ now: ẞ is ss, ı is not i, and imported names that are
   * not in NFKC, or have blanks around them, have the key of those that are and have not. PostgreSQL folds case only since version 18. The first of several namesakes has the key, as
   * after an import. The version before goes on working; beside it, it still takes ı for i.
   */
  override async up(): Promise<void> {
    const rows = await this.execute(
      `select id, username, canonical_username as key from users
        where canonical_username is null or octet_length(username) <> length(username) or username <> btrim(username) order by id`,
    );
    const renewed = rows
      .map(({ id, username, key }) => ({ id, key, renewed: canonicalUsername(String(username)) }))
      .filter(({ key, renewed }) => key !== renewed);
    for (const { id } of renewed) await this.execute('update users set canonical_username = null where id = ?', [id]);
    for (const { id, renewed: key } of renewed) {
      const statement =
        'update users set canonical_username = ? where id = ? and not exists (select from users where canonical_username = ?)';
      await this.execute(statement, [key, id, key]);
    }
  }

  /** Nothing: the version before needs the keys to be unique only. */
  override down(): void {}
}
