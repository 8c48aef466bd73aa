import { EntityRepository } from '@mikro-orm/sql';
import { sql } from 'kysely';
import type { User } from '../users/user.entity.ts';
import { digestOf, generateKey } from './key.ts';
import type { Token } from './token.entity.ts';
import type { Viewer } from './viewer.ts';

export class TokenRepository extends EntityRepository<Token> {
  /** Issues a key for `user`; the caller flushes. The plain key exists only in this return value. */
  issueFor(user: User): string {
    const key = generateKey();
    this.create({ digest: digestOf(key), user });
    return key;
  }

  /** Revokes every key of `user`, at once. */
  async revokeAllOf(user: User): Promise<void> {
    await this.nativeDelete({ user });
  }

  /** The viewers behind live digests, in one query and without hydrating entities; others are absent. */
  async findViewers(digests: readonly string[]): Promise<Map<string, Viewer>> {
    const { rows } = await sql<Viewer & { digest: string }>`
      select t.digest, t.id::text as "tokenId", u.id as "userId", u.is_active as "isActive", u.is_staff as "isStaff"
        from tokens t join users u on u.id = t.user_id
       where t.digest = any(${digests})
    `.execute(this.em.getKysely());
    return new Map(rows.map((row) => [row.digest, row]));
  }
}
