import type { EntityManager } from '@mikro-orm/sql';
import { sql } from 'kysely';
import type { DjangoUser } from './snapshot.ts';

/** A user as Django has them, and what was taken over of their tokens. */
export type ExportedUser = DjangoUser & {
  /** Those that knox issued and that are still alive, as JSON. */
  readonly knox: string;
  /** The beginnings of the digests of those that were ended here, as PostgreSQL writes an array. */
  readonly ended: string;
  /** Whether Django had them once. */
  readonly is_imported: boolean;
};

/**
 * The users after an id, in the order of their ids. Times are text, exact to the microsecond. knox finds a token by its
 * `token_key`, which was kept beside what was taken over.
 */
export async function readUsers(em: EntityManager, after: string, limit: number): Promise<ExportedUser[]> {
  const { rows } = await sql<ExportedUser>`
    select u.id::text, u.username, u.password_hash as password, u.email, u.first_name, u.last_name, u.is_active, u.is_staff, u.is_superuser,
           u.date_joined::text, u.last_login::text,
           (select coalesce(json_agg(json_build_object('digest', t.digest, 'user_id', u.id, 'token_key', split_part(mark, ':', 2),
                                                       'created', t.created_at, 'expiry', t.expires_at)), '[]')::text
              from unnest(d.tokens) mark join tokens t on t.user_id = u.id and left(t.digest, 32) = split_part(mark, ':', 1)
             where mark like '%:_%') as knox,
           array(select split_part(mark, ':', 1) from unnest(d.tokens) mark
                  where not exists (select from tokens t where t.user_id = u.id and left(t.digest, 32) = split_part(mark, ':', 1)))::text as ended,
           d.username is not null as is_imported
      from users u left join django_users d on d.id = u.id
     where u.id > ${after}::bigint order by u.id limit ${limit}
  `.execute(em.getKysely());
  return rows;
}

/** How many users there are, and the ids of those who came from Django and were deleted here. */
export async function surveyUsers(em: EntityManager): Promise<{ total: number; deleted: number[] }> {
  const [row] = await em.execute<{ total: number }[]>('select count(*)::int as total from users');
  const deleted = await em.execute<{ id: number }[]>('select id from django_users where username is null order by id');
  return { total: row?.total ?? 0, deleted: deleted.map(({ id }) => id) };
}
