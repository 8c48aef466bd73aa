import { hash } from 'node:crypto';
import { defineEntity, sql as fragment, p } from '@mikro-orm/core';
import { type EntityManager, EntityRepository } from '@mikro-orm/sql';
import { sql } from 'kysely';
import { idleSeconds, noteEvery, type TokenPolicy } from '../../config/tokens.ts';
import { loadedColumns } from '../../database/loaded-columns.ts';
import type { RunPrepared, Statement } from '../../database/prepared-statements.ts';
import type { TokenEnd, Viewer } from '../../graphql/context.ts';
import { rememberedPlace } from '../../services/throttling/sign-in-places.ts';
import type { Client } from '../../shared/client.ts';
import { digestOf, generateKey } from '../../shared/key.ts';
import { hasForm } from '../../shared/text.ts';
import { createUserReader } from '../users/own-user.ts';
import { User } from '../users/user.ts';

/** Characters. */
export const TOKEN_NAME_MAX_LENGTH = 150;

const TokenSchema = defineEntity({
  name: 'Token',
  tableName: 'tokens',
  repository: () => TokenRepository,
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(128).unique().hidden().lazy(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** Of the device or script. */
    name: p.string().length(TOKEN_NAME_MAX_LENGTH).default(''),
    createdAt: p.datetime().defaultRaw('now()'),
    lastUsedAt: p.datetime().nullable(),
    /** Use may put it off; null: never. */
    expiresAt: p.datetime().nullable().index(),
    /** The end that the owner chose; use does not extend the token beyond it. */
    chosenEnd: p.datetime().nullable(),
    /** Whether use extends a token that has no chosen end. */
    slides: p.boolean().default(true),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(300).default(''),
  },
});

/** A key that signs a user in, known here only by its digest. */
export class Token extends TokenSchema.class {}
TokenSchema.setClass(Token);

/** A token and its plain key, which exists only here. */
export type NewToken = { readonly token: Token; readonly key: string };

/** The row of a token that was deleted. */
export type EndedToken = { readonly id: string; readonly name: string };

/** A new token, and those that ended for it. */
type IssuedToken = NewToken & { readonly ended: readonly EndedToken[] };

type Issue = {
  readonly user: User;
  readonly name: string;
  /** Null for keys issued on the command line. */
  readonly client: Client | null;
  /** The end that the owner chose; use does not extend the token beyond it. */
  readonly expiresAt?: Date | null;
  /** Where the user has just proved who they are, to be remembered. */
  readonly place?: string | null;
};

/** How a token stands, by the database's clock. */
export type Standing = {
  readonly end: TokenEnd | null;
  /** Null: it never expires. */
  readonly secondsLeft: number | null;
};

/** How viewers are looked up. */
export type Lookup = { readonly run: RunPrepared; readonly statement: Statement; readonly readUser: (row: ViewerRow) => unknown };

/**
 * One probe of the index for each digest: for `any($1)`, PostgreSQL prefers to read a small table as a whole. And one plan for good:
 * PostgreSQL counts the elements of an array and plans anew if they are fewer than it guessed; it cannot look into a text.
 * The user's columns come under their own names, and those of the token under names that no column of an app can have.
 */
const viewersByDigest = (policy: TokenPolicy, columns: readonly string[]): string => `
    select d.digest as "token.digest", t.id::text as "token.id", coalesce(t.expires_at <= now(), false) as "token.isExpired",
           coalesce(t.last_used_at > now() - interval '${noteEvery(policy)} seconds', false) as "token.isNoted",
           extract(epoch from t.expires_at)::float8 as "token.end", ${columns.map((column) => `u."${column}"`).join()}
      from string_to_table($1, ',') as d (digest)
     cross join lateral (select id, user_id, expires_at, last_used_at from tokens where tokens.digest = d.digest limit 1) t
     cross join lateral (select * from users where users.id = t.user_id limit 1) u`;

/** What the statement answers for a known digest, besides the user's columns. */
type ViewerRow = {
  readonly 'token.digest': string;
  readonly 'token.id': string;
  readonly 'token.isExpired': boolean;
  readonly 'token.isNoted': boolean;
  readonly 'token.end': number | null;
  readonly id: number;
  readonly is_active: boolean;
  readonly is_staff: boolean;
  readonly is_superuser: boolean;
  readonly scopes: readonly string[];
};

const viewerOf = (row: ViewerRow, readUser: (row: ViewerRow) => unknown): Viewer => ({
  userId: row.id,
  tokenId: row['token.id'],
  isActive: row.is_active,
  isStaff: row.is_staff || row.is_superuser,
  isSuperuser: row.is_superuser,
  scopes: row.scopes,
  isExpired: row['token.isExpired'],
  isNoted: row['token.isNoted'],
  end: row['token.end'],
  readUser: () => readUser(row),
});

/** Prepares looking viewers up: the statement is the same for all requests. */
export function createLookup(em: EntityManager, run: RunPrepared, policy: TokenPolicy): Lookup {
  const text = viewersByDigest(policy, loadedColumns(em.getMetadata().get(User)));
  return { run, statement: { name: `viewers_${hash('sha256', text).slice(0, 8)}`, text }, readUser: createUserReader(em) };
}

export class TokenRepository extends EntityRepository<Token> {
  /**
   * Issues a key at once, in the caller's transaction, which holds a lock on the user's row. Deletes the user's live tokens but for the
   * most recently used ones, so that the new one is within the limit, and remembers the place: one statement. The database's clock
   * sets the end of the new one.
   */
  async issue({ user, name, client, place = null, expiresAt = null }: Issue, policy: TokenPolicy): Promise<IssuedToken> {
    const key = generateKey();
    const [row] = await this.em.execute<({ ended: EndedToken[] } & Record<string, unknown>)[]>(
      `with ended as (
         delete from tokens where id in (
           select id from tokens where user_id = ? and (expires_at is null or expires_at > now())
            order by coalesce(last_used_at, created_at) desc, id desc offset ?
         ) returning id::text, name
       ), place as (${rememberedPlace}), issued as (
         insert into tokens (digest, user_id, name, ip_address, user_agent, slides, chosen_end, expires_at)
         values (?, ?, ?, ?, ?, ?, ?::timestamptz, least(?::timestamptz, now() + make_interval(secs => ?), now() + make_interval(secs => ?)))
         returning ${loadedColumns(this.em.getMetadata().get(this.entityName)).join()}
       )
       select issued.*, (select coalesce(json_agg(ended), '[]') from ended) as ended from issued`,
      [
        ...[user.id, policy.limit - 1, user.id, place],
        ...[digestOf(key), user.id, name, client?.ipAddress ?? null, client?.userAgent ?? ''],
        ...[!expiresAt, expiresAt, expiresAt, idleSeconds(policy), policy.maxAge],
      ],
    );
    if (!row) throw new Error('the token was not stored');
    const { ended, ...token } = row;
    return { token: this.map(token), key, ended };
  }

  /** The viewers behind digests, in one query and without hydrating entities; unknown digests are absent. */
  async findViewers(digests: readonly string[], { run, statement, readUser }: Lookup): Promise<Map<string, Viewer>> {
    const rows = await run<ViewerRow>(statement, [digests.join(',')]);
    return new Map(rows.map((row) => [row['token.digest'], viewerOf(row, readUser)]));
  }

  /** How tokens stand, in the order of the given ids; a missing token counts as revoked. */
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

  /** A user's tokens that still sign in, newest first. TOKEN_LIMIT bounds their number. */
  findLive(userId: number): Promise<Token[]> {
    return this.find({ user: userId, $or: [{ expiresAt: null }, { expiresAt: { $gt: fragment.now() } }] }, { orderBy: { id: 'desc' } });
  }

  /** Deletes a user's tokens: all, one (`only`), or all but one (`except`). */
  async endAll(userId: number, { only, except }: { only?: string; except?: string } = {}): Promise<EndedToken[]> {
    if (only !== undefined && !hasForm(only, /^\d{1,18}$/, 18)) return [];
    return this.em.execute(
      `delete from tokens where user_id = ? and (?::bigint is null or id = ?) and (?::bigint is null or id <> ?) returning id::text, name`,
      [userId, only ?? null, only ?? null, except ?? null, except ?? null],
    );
  }

  /**
   * Records that tokens were used and extends them, in one statement. Another node may just have done it. Tokens that
   * are being revoked are skipped, as waiting for one row while holding others could deadlock.
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

/** Expired tokens are kept for a day, so that their users hear EXPIRED and not that the token is unknown. */
const sweep = `
  with ended as (
    delete from tokens where id in (
      select id from tokens where expires_at < now() - interval '1 day' limit ? for update skip locked
    ) returning id, user_id, name, expires_at
  )
  insert into security_events (user_id, kind, happened_at, token_id, token_name)
  select user_id, 'TOKEN_EXPIRED', expires_at, id, name from ended returning 1`;

/** Deletes at most `limit` expired tokens and records it. Returns how many. */
export async function sweepExpiredTokens(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(sweep, [limit]);
  return rows.length;
}
