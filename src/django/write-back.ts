import { arraysOf } from './array-literal.ts';
import type { Django, Tables } from './django-database.ts';
import type { ExportedUser } from './exported-user.ts';
import { type Table, userFields } from './tables.ts';

/** What becomes of a user in the Django database. */
export type BackVerdict = 'new' | 'changed' | 'unchanged' | 'id-taken' | 'username-taken';

const columns = {
  id: 'bigint',
  username: 'text',
  password: 'text',
  email: 'text',
  first_name: 'text',
  last_name: 'text',
  is_active: 'boolean',
  is_staff: 'boolean',
  is_superuser: 'boolean',
  date_joined: 'timestamptz',
  last_login: 'timestamptz',
  knox: 'json',
  ended: 'text',
} as const;
const names = [...userFields, 'knox', 'ended'] as const;

const column = ({ columns: there }: Table, field: string): string => there.get(field) ?? 'null';

/** The fields of users that the Django project has. */
const shared = ({ columns: there }: Table) => names.filter((name) => there.has(name));

/** Compares users with those in the Django database, in the caller's transaction; what follows builds on it. */
export async function stageBack(django: Django, { user }: Tables, users: readonly ExportedUser[]) {
  const [id, username] = [column(user, 'id'), column(user, 'username')];
  const isSamePerson = user.columns.has('date_joined')
    ? `(t.${username} = s.username or t.${column(user, 'date_joined')} = s.date_joined)`
    : `t.${username} = s.username`;
  const row = (alias: string, of: (name: string) => string) =>
    `(${shared(user)
      .map((name) => `${alias}.${of(name)}`)
      .join()})`;
  await django.run('drop table if exists pg_temp.exported_users');
  await django.run(
    `create temp table exported_users as
     select s.*, case when t.${id} is not null and not ${isSamePerson} then 'id-taken'
                      when n.${id} is not null then 'username-taken'
                      when t.${id} is null then 'new'
                      when ${row('t', (name) => column(user, name))} is not distinct from ${row('s', (name) => name)} then 'unchanged'
                      else 'changed' end as verdict
       from unnest(${names.map((name, index) => `$${index + 1}::${columns[name]}[]`).join()}) as s (${names.join()})
       left join ${user.name} t on t.${id} = s.id
       left join ${user.name} n on n.${username} = s.username and n.${id} <> s.id`,
    arraysOf(users, names),
  );
  return django.rows<{ id: string; verdict: BackVerdict }>('select id::text, verdict from exported_users order by exported_users.id');
}

/** Writes users as `stageBack` said, in Django's own format. */
export async function writeUsers(django: Django, { user }: Tables): Promise<void> {
  const fields = shared(user);
  const there = fields.map((name) => column(user, name));
  await django.run(`
    insert into ${user.name} (${there.join()}) select ${fields.join()} from exported_users where verdict in ('new', 'changed')
    on conflict (${column(user, 'id')}) do update set ${there.map((name) => `${name} = excluded.${name}`).join()}`);
}

/** Gives back knox's tokens, and ends in Django what was ended here. How many of both. */
export async function writeTokens(django: Django, { token, knox }: Tables): Promise<{ given: number; ended: number }> {
  const digest = `encode(case when length(t.key) = 40 then sha256(convert_to(t.key, 'UTF8')) else sha512(convert_to(t.key, 'UTF8')) end, 'hex')`;
  const ended = token ? await endTokens(django, token, digest.replaceAll('t.key', `t.${column(token, 'key')}`)) : 0;
  if (!knox || !['token_key', 'created', 'expiry'].every((field) => knox.columns.has(field))) return { given: 0, ended };
  const fields = ['digest', 'user_id', 'token_key', 'created', 'expiry'];
  const given = await django.run(`
    insert into ${knox.name} (${fields.map((field) => column(knox, field)).join()})
    select k.* from exported_users s, json_to_recordset(s.knox) as k (digest text, user_id bigint, token_key text, created timestamptz, expiry timestamptz)
     where s.verdict in ('new', 'changed', 'unchanged')
    on conflict do nothing`);
  return { given, ended: ended + (await endTokens(django, knox, `t.${column(knox, 'digest')}`)) };
}

async function endTokens(django: Django, table: Table, digest: string): Promise<number> {
  const ended = await django.run(`
    delete from ${table.name} t using exported_users s
     where s.verdict in ('changed', 'unchanged') and s.ended <> '{}' and t.${column(table, 'user_id')} = s.id
       and left(${digest}, 32) = any(s.ended::text[])`);
  return ended;
}

/** Moves Django's own sequence past the ids that were written. */
export async function moveSequence(django: Django, { user }: Tables): Promise<void> {
  const id = column(user, 'id');
  await django.run(
    `with highest as (select max(${id}) as id, pg_get_serial_sequence($1, $2)::regclass as sequence from ${user.name})
     select setval(sequence, id) from highest where sequence is not null and id > coalesce(pg_sequence_last_value(sequence), 0)`,
    [user.name, id.slice(1, -1).replaceAll('""', '"')],
  );
}

/** Which of these ids the Django database has. */
export async function whichExist(django: Django, { user }: Tables, ids: readonly number[]): Promise<string[]> {
  const id = column(user, 'id');
  const rows = await django.rows<{ id: string }>(
    `select ${id}::text as id from ${user.name} where ${id} = any($1::bigint[]) order by ${user.name}.${id}`,
    [[...ids]],
  );
  return rows.map((row) => row.id);
}
