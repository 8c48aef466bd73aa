import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { TOKEN_NAME, tokensFrom } from './staged-rows.ts';

/** What becomes of a token. `ended-here`: it was taken over before and then ended here; it stays ended. */
export type TokenVerdict = 'new' | 'unchanged' | 'prolonged' | 'ended-here' | 'user-left-out' | 'digest-taken';

export type TokenVerdicts = {
  readonly counts: readonly { readonly kind: 'token' | 'knox'; readonly verdict: TokenVerdict; readonly count: number }[];
  readonly refused: readonly { readonly kind: 'token' | 'knox'; readonly user_id: number; readonly username: string }[];
};

const stage = `
  create temp table staged_tokens on commit drop as
  select s.*,
         case
           when u.verdict = 'deleted-here' then 'ended-here'
           when u.verdict not in ('new', 'adopted', 'changed', 'unchanged') then 'user-left-out'
           when u.id is null then 'user-left-out'
           when t.user_id <> s.user_id then 'digest-taken'
           when t.expires_at < s.expiry and not t.slides then 'prolonged'
           when t.id is not null then 'unchanged'
           when s.mark = any(b.tokens) then 'ended-here'
           else 'new'
         end as verdict
    from ${tokensFrom(0)}
    left join staged_users u on u.id = s.user_id
    left join django_users b on b.id = s.user_id
    left join tokens t on t.digest = s.digest`;

/** DRF's keys have no end, so they get none here; knox's keep theirs. */
const insert = `
  insert into tokens (digest, user_id, name, created_at, expires_at, slides)
  select digest, user_id, '${TOKEN_NAME}', coalesce(created, now()), expiry, false
    from staged_tokens where verdict = 'new' order by user_id`;

const prolong = `
  update tokens t set expires_at = s.expiry from staged_tokens s where s.verdict = 'prolonged' and t.digest = s.digest`;

/** Who logged out of Django since the last time is logged out here. */
const end = `
  with gone as (
    select s.id, array(select left(mark, 32) from unnest(b.tokens) mark where mark <> all(s.tokens)) as digests
      from staged_users s join django_users b on b.id = s.id
     where s.verdict in ('changed', 'unchanged') and not b.tokens <@ s.tokens
  ), ended as (
    delete from tokens t using gone where t.user_id = gone.id and left(t.digest, 32) = any(gone.digests)
    returning t.id, t.user_id, t.name
  )
  insert into security_events (user_id, kind, token_id, token_name) select user_id, 'TOKEN_REVOKED', id, name from ended returning 1`;

/** Says what becomes of tokens, in the caller's transaction, once the users are staged. */
export async function stageTokens(em: EntityManager, arrays: readonly string[]): Promise<TokenVerdicts> {
  await em.getKysely().executeQuery(CompiledQuery.raw(stage, [...arrays]));
  const counts = await em.execute<TokenVerdicts['counts'][number][]>(
    'select kind, verdict, count(*)::int as count from staged_tokens group by kind, verdict',
  );
  const refused = await em.execute<TokenVerdicts['refused'][number][]>(
    "select t.kind, u.id as user_id, u.username from staged_tokens t join staged_users u on u.id = t.user_id where t.verdict = 'digest-taken'",
  );
  return { counts, refused };
}

/** Adds, prolongs and ends tokens as `stageTokens` said. How many were ended. */
export async function mergeTokens(em: EntityManager, { counts }: TokenVerdicts): Promise<number> {
  const has = (wanted: TokenVerdict) => counts.some(({ verdict }) => verdict === wanted);
  if (has('new')) await em.execute(insert);
  if (has('prolonged')) await em.execute(prolong);
  const ended = await em.execute(end);
  return ended.length;
}
