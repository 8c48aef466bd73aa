import { hash } from 'node:crypto';
import { sql as fragment } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { sql } from 'kysely';
import { idleSeconds, noteEvery, type TokenPolicy } from '../../config/token-policy.ts';
import { loadedColumns } from '../../database/loaded-columns.ts';
import type { RunPrepared, Statement } from '../../database/prepared-statements.ts';
import type { Viewer } from '../../graphql/viewer.ts';
import type { Client } from '../../shared/client.ts';
import { digestOf, generateKey } from '../../shared/key.ts';
import { hasForm } from '../../shared/text.ts';
import type { User } from '../users/user.entity.ts';
import type { Token } from './token.entity.ts';
import type { Standing } from './token-watch.ts';

/** A token and its plain key, which exists only here. */
export type NewToken = { readonly token: Token; readonly key: string };

type Issue = {
  readonly user: User;
  readonly name: string;
  /** Null for keys issued on the command line. */
  readonly client: Client | null;
  /** The end somebody chose, beyond which use puts nothing off. */
  readonly expiresAt?: Date | null;
};

/** How viewers are looked up. */
export type Lookup = { readonly run: RunPrepared; readonly statement: Statement };

/** A row of a token that is no more. */
export type EndedToken = { readonly id: string; readonly name: string };

/**
 * One probe of the index for each digest: for `any($1)`, PostgreSQL would rather read a whole small table. And one plan for
 * good: it counts the elements of an array, and plans anew when they are fewer than it guessed; a text it cannot look into.
 */
const viewersByDigest = (policy: TokenPolicy): string => `
    select d.digest, t.id::text as "tokenId", u.id as "userId", u.is_active as "isActive",
           u.is_staff or u.is_superuser as "isStaff", u.is_superuser as "isSuperuser",
           coalesce(t.expires_at <= now(), false) as "isExpired",
           coalesce(t.last_used_at > now() - interval '${noteEvery(policy)} seconds', false) as "isNoted"
      from string_to_table($1, ',') as d (digest)
     cross join lateral (select id, user_id, expires_at, last_used_at from tokens where tokens.digest = d.digest limit 1) t
     cross join lateral (select id, is_active, is_staff, is_superuser from users where users.id = t.user_id limit 1) u`;

/** What `findViewers` asks of a database, the same for all requests. */
export function viewerStatement(policy: TokenPolicy): Statement {
  const text = viewersByDigest(policy);
  return { name: `viewers_${hash('sha256', text).slice(0, 8)}`, text };
}

export class TokenRepository extends EntityRepository<Token> {
  /** Issues a key at once, in the caller's transaction. Its end is reckoned by the database's clock. */
  async issue({ user, name, client, expiresAt = null }: Issue, policy: TokenPolicy): Promise<NewToken> {
    const key = generateKey();
    const [row] = await this.em.execute(
      `insert into tokens (digest, user_id, name, ip_address, user_agent, slides, chosen_end, expires_at)
       values (?, ?, ?, ?, ?, ?, ?::timestamptz, least(?::timestamptz, now() + make_interval(secs => ?), now() + make_interval(secs => ?)))
       returning ${loadedColumns(this.em.getMetadata().get(this.entityName)).join()}`,
      [
        ...[digestOf(key), user.id, name, client?.ipAddress ?? null, client?.userAgent ?? ''],
        ...[!expiresAt, expiresAt, expiresAt, idleSeconds(policy), policy.maxAge],
      ],
    );
    if (!row) throw new Error('the token was not stored');
    return { token: this.map(row), key };
  }

  /** The viewers behind digests, in one query and without hydrating entities; digests of no token are absent. */
  async findViewers(digests: readonly string[], { run, statement }: Lookup): Promise<Map<string, Viewer>> {
    const rows = await run<Viewer & { digest: string }>(statement, [digests.join(',')]);
    return new Map(rows.map((row) => [row.digest, row]));
  }

  /** How tokens stand, in the order of their ids; one that is gone counts as revoked. */
  async findStandings(ids: readonly string[]): Promise<Standing[]> {
    const { rows } = await sql<Standing & { id: string }>`
      select t.id::text, extract(epoch from t.expires_at - now())::float8 as "secondsLeft",
             case when t.expires_at <= now() then 'EXPIRED' when not u.is_active then 'INACTIVE' end as "end"
        from tokens t join users u on u.id = t.user_id
       where t.id = any(${ids}::bigint[])
    `.execute(this.em.getKysely());
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? { end: 'REVOKED', secondsLeft: null });
  }

  /** A person's tokens that still sign in, the newest first. Bounded by TOKEN_LIMIT. */
  findLive(userId: number): Promise<Token[]> {
    return this.find({ user: userId, $or: [{ expiresAt: null }, { expiresAt: { $gt: fragment.now() } }] }, { orderBy: { id: 'desc' } });
  }

  /** Ends all but the `keep` most recently used tokens that sign in, of a user whose row the caller has locked. */
  endIdlest(user: User, keep: number): Promise<EndedToken[]> {
    return this.em.execute(
      `delete from tokens where id in (
         select id from tokens where user_id = ? and (expires_at is null or expires_at > now())
          order by coalesce(last_used_at, created_at) desc, id desc offset ?
       ) returning id::text, name`,
      [user.id, keep],
    );
  }

  /** Ends a person's tokens: all, one (`only`), or all but one (`except`). */
  async endAll(userId: number, { only, except }: { only?: string; except?: string } = {}): Promise<EndedToken[]> {
    if (only !== undefined && !hasForm(only, /^\d{1,18}$/, 18)) return [];
    return this.em.execute(
      `delete from tokens where user_id = ? and (?::bigint is null or id = ?) and (?::bigint is null or id <> ?) returning id::text, name`,
      [userId, only ?? null, only ?? null, except ?? null, except ?? null],
    );
  }

  /**
   * Notes that tokens were used and puts their end off, in one statement. Another node may just have done it; a token
   * that somebody is ending is passed over, for waiting on one row while holding others could deadlock.
   */
  async noteUse(ids: readonly string[], policy: TokenPolicy): Promise<void> {
    const idle = sql`now() + make_interval(secs => ${idleSeconds(policy)})`;
    const oldest = sql`created_at + make_interval(secs => ${policy.maxAge})`;
    await sql`
      update tokens
         set last_used_at = now(),
             expires_at = case when slides or chosen_end is not null then least(${idle}, ${oldest}, chosen_end) else expires_at end
       where id in (select id from tokens
                     where id = any(${ids}::bigint[]) and (last_used_at is null or last_used_at <= now() - make_interval(secs => ${noteEvery(policy)}))
                       and (expires_at is null or expires_at > now())
                       for update skip locked)
    `.execute(this.em.getKysely());
  }
}
