import { OperatorError } from '../shared/operator-error.ts';
import type { Target, Written } from './export-target.ts';
import type { ExportedUser } from './exported-user.ts';
import type { Filling } from './fills.ts';
import { arraysOf } from './staged-rows.ts';
import { type Table, userFields } from './tables.ts';

/** What becomes of a user in the Django database. */
export type BackVerdict = 'new' | 'changed' | 'unchanged' | 'deleted-there' | 'id-taken' | 'username-taken';

/** @param hidden a field that is not written, because Django keeps another one in its column, which differs */
export type Back = {
  readonly id: string;
  readonly username: string;
  readonly verdict: BackVerdict;
  readonly hidden: Target['sharing'][number] | null;
};

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
  is_imported: 'boolean',
} as const;
const names = [...userFields, 'knox', 'ended', 'is_imported'] as const;

const column = ({ columns: there }: Table, field: string): string => there.get(field) ?? 'null';

/** What stands in Django (t), as an import reads it, so that what it reads as equal is no change. */
function asRead({ field, column: name }: Written): string {
  if (field === 'date_joined') return `coalesce(t.${name}, s.date_joined)`;
  if (columns[field] === 'boolean') return `coalesce(t.${name}, ${field === 'is_active'})`;
  return columns[field] === 'text' ? `coalesce(t.${name}, '')` : `t.${name}`;
}

/** What is to stand there: the later of both last logins, as an import has it; of flags in one column that none has who lacks one here. */
function wanted({ field, also, column: name }: Written): string {
  if (field === 'last_login') return `greatest(s.last_login, t.${name})`;
  return columns[field] === 'boolean' ? `(${[field, ...also].map((each) => `s.${each}`).join(' and ')})` : `s.${field}`;
}

/** What a new row gets. An empty text is none where none may be: many have no address, and a unique column takes one empty text. */
function initial(each: Written): string {
  const { field, facts } = each;
  if (field === 'last_login') return facts?.isNullable ? 's.last_login' : 'coalesce(s.last_login, s.date_joined)';
  return columns[field] === 'text' && facts?.isNullable ? `nullif(s.${field}, '')` : wanted(each);
}

/** Compares users with those in the Django database; what follows builds on it. */
export async function stageBack({ there, tables: { user }, written, sharing, isEmpty }: Target, users: readonly ExportedUser[]) {
  const [id, username] = [column(user, 'id'), column(user, 'username')];
  const isSamePerson = user.columns.has('date_joined')
    ? `(t.${username} = s.username or t.${column(user, 'date_joined')} = s.date_joined)`
    : `t.${username} = s.username`;
  const isChanged = written.map((each) => `${wanted(each)} is distinct from ${asRead(each)}`).join(' or ');
  const hidden = sharing.map(({ field, with: other }, index) => `when s.${field}::text not in ('', s.${other}::text) then ${index}`);
  await there.run('drop table if exists pg_temp.exported_users');
  await there.run(
    `create temp table exported_users on commit drop as
     select s.*, case when t.${id} is not null and not ${isSamePerson} then 'id-taken'
                      when t.${id} is null and s.is_imported and not ${isEmpty} then 'deleted-there'
                      when exists (select from ${user.name} n where n.${username} = s.username and n.${id} <> s.id) then 'username-taken'
                      when t.${id} is null then 'new'
                      when ${isChanged} then 'changed'
                      else 'unchanged' end as verdict,
            ${hidden.length > 0 ? `case ${hidden.join(' ')} end` : 'null::int'} as hidden
       from unnest(${names.map((name, index) => `$${index + 1}::${columns[name]}[]`).join()}) as s (${names.join()})
       left join ${user.name} t on t.${id} = s.id`,
    arraysOf(users, names),
  );
  const rows = await there.rows<Omit<Back, 'hidden'> & { hidden: number | null }>(
    'select id::text, username, verdict, hidden from exported_users order by exported_users.id',
  );
  return rows.map(({ hidden, ...user }): Back => ({ ...user, hidden: hidden === null ? null : (sharing[hidden] ?? null) }));
}

/** Writes users as `stageBack` said. @throws OperatorError that names whom the Django database refuses */
export async function writeUsers(target: Target, staged: readonly Back[]): Promise<void> {
  const { there, users } = target;
  if (users.obstacle !== null && staged.some(({ verdict }) => verdict === 'new')) throw new OperatorError(users.obstacle);
  const concerned = staged.filter(({ verdict }) => verdict === 'new' || verdict === 'changed');
  await there.run('savepoint writing');
  try {
    await writeRows(target, concerned);
    await there.run('release savepoint writing');
  } catch (error) {
    await there.run('rollback to savepoint writing');
    throw await blame(target, concerned, error);
  }
}

async function writeRows({ there, tables: { user }, written, users }: Target, staged: readonly Back[]): Promise<void> {
  const has = (wanted: BackVerdict) => staged.some(({ verdict }) => verdict === wanted);
  const among = `s.id in (${staged.map(({ id }) => id).join()})`;
  const id = column(user, 'id');
  const sets = written
    .filter(({ field }) => field !== 'id')
    .map(
      (each) =>
        `${each.column} = case when ${wanted(each)} is distinct from ${asRead(each)} then ${wanted(each)} else t.${each.column} end`,
    );
  if (has('changed')) {
    await there.run(
      `update ${user.name} t set ${sets.join()} from exported_users s where s.verdict = 'changed' and ${among} and t.${id} = s.id`,
    );
  }
  if (has('new')) {
    await there.run(
      `insert into ${user.name} (${[...written.map((each) => each.column), ...users.columns].join()}) overriding system value
       select ${[...written.map(initial), ...users.expressions].join()} from exported_users s where s.verdict = 'new' and ${among}`,
      users.values,
    );
  }
}

/** Whom the Django database refuses: the rows one by one, until one fails. */
async function blame(target: Target, staged: readonly Back[], error: unknown): Promise<unknown> {
  for (const user of staged) {
    try {
      await writeRows(target, [user]);
    } catch (refusal) {
      if (!(refusal instanceof OperatorError)) return refusal;
      return new OperatorError(`${refusal.message} (user ${user.id}, ${user.username}). Nothing was written.`, { cause: refusal });
    }
  }
  return error;
}

/** Gives back knox's tokens, and ends in Django what was ended here. How many of both. */
export async function writeTokens(target: Target): Promise<{ given: number; ended: number }> {
  const { token, knox } = target.tables;
  const digest = `encode(case when length(t.key) = 40 then sha256(convert_to(t.key, 'UTF8')) else sha512(convert_to(t.key, 'UTF8')) end, 'hex')`;
  const ended = token ? await endTokens(target, token, digest.replaceAll('t.key', `t.${column(token, 'key')}`)) : 0;
  if (!knox || !target.knox || !knoxFields.every((field) => knox.columns.has(field))) return { given: 0, ended };
  const given = await giveTokens(target, knox, target.knox);
  return { given, ended: ended + (await endTokens(target, knox, `t.${column(knox, 'digest')}`)) };
}

const knoxFields = ['digest', 'user_id', 'token_key', 'created', 'expiry'];

const toGive = (knox: Table): string => `
    from exported_users s, json_to_recordset(s.knox) as k (digest text, user_id bigint, token_key text, created timestamptz, expiry timestamptz)
   where s.verdict in ('new', 'changed', 'unchanged')
     and not exists (select from ${knox.name} t where t.${column(knox, 'digest')} = k.digest)`;

async function giveTokens({ there }: Target, knox: Table, filling: Filling): Promise<number> {
  if (filling.obstacle !== null) {
    const missing = await there.rows(`select ${toGive(knox)} limit 1`);
    if (missing.length > 0) throw new OperatorError(filling.obstacle);
    return 0;
  }
  return there.run(
    `insert into ${knox.name} (${[...knoxFields.map((field) => column(knox, field)), ...filling.columns].join()})
     select ${[...knoxFields.map((field) => `k.${field}`), ...filling.expressions].join()} ${toGive(knox)} on conflict do nothing`,
    filling.values,
  );
}

async function endTokens({ there }: Target, table: Table, digest: string): Promise<number> {
  return there.run(`
    delete from ${table.name} t using exported_users s
     where s.verdict in ('changed', 'unchanged') and s.ended <> '{}' and t.${column(table, 'user_id')} = s.id
       and left(${digest}, 32) = any(s.ended::text[])`);
}

/** Moves Django's own sequence past the ids that were written. */
export async function moveSequence({ there, tables: { user }, sequence }: Target): Promise<void> {
  if (sequence === null) return;
  await there.run(
    `select setval($1::regclass, max(${column(user, 'id')})) from ${user.name}
     having max(${column(user, 'id')}) > coalesce(pg_sequence_last_value($1::regclass), 0)`,
    [sequence],
  );
}

/** Which of these ids the Django database has, with the usernames there. */
export async function whichExist({ there, tables: { user } }: Target, ids: readonly number[]): Promise<{ id: string; username: string }[]> {
  const id = `t.${column(user, 'id')}`;
  return there.rows<{ id: string; username: string }>(
    `select ${id}::text as id, t.${column(user, 'username')}::text as username from ${user.name} t where ${id} = any($1::bigint[]) order by ${id}`,
    [[...ids]],
  );
}
