import { MAX_ID } from './check-rows.ts';
import { type Django, findTables, type Tables, withDjango } from './django-database.ts';
import type { Table, TableNames } from './tables.ts';

/** A row of `auth_user`. Times are text, exact to the microsecond; null where the project has no such column. */
export type DjangoUser = {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly is_active: boolean;
  readonly is_staff: boolean;
  readonly is_superuser: boolean;
  readonly date_joined: string | null;
  readonly last_login: string | null;
};

/** A row of `authtoken_token`, whose key is stored as it is. */
export type DrfToken = { readonly user_id: string; readonly key: string; readonly created: string | null };

/** A row of `knox_authtoken`. */
export type KnoxToken = {
  readonly user_id: string;
  readonly digest: string;
  readonly token_key: string | null;
  readonly created: string | null;
  readonly expiry: string | null;
  /** By the clock of the Django database. */
  readonly is_expired: boolean;
  readonly is_salted: boolean;
};

/** Some users in the order of their ids, with their tokens. */
export type Batch = {
  readonly users: readonly DjangoUser[];
  readonly tokens: readonly DrfToken[];
  readonly knoxTokens: readonly KnoxToken[];
  /** The ids that it covers: after the first, up to and with the second. */
  readonly range: readonly [string, string];
};

/** A Django project at one moment. */
export type Snapshot = {
  readonly tables: Tables;
  /** How many users there are to read. */
  readonly total: number;
  /** The highest id that a user can have here, whether read or not. */
  readonly highestId: string;
  /** Reads a batch ahead; memory does not grow with the number of users. */
  readonly batches: () => AsyncGenerator<Batch>;
};

type Order = {
  readonly names: TableNames;
  /** Only users who joined, logged in or got a token since, with all their tokens; an ISO date. Null: everybody. */
  readonly since: string | null;
  /** Users in a batch. */
  readonly size: number;
};

/** Reads a live Django database as it is at one moment, and writes nothing to it. @throws OperatorError when it cannot be read */
export function withSnapshot<Result>(url: string, order: Order, work: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  return withDjango(url, 'begin isolation level repeatable read read only', async (django) => {
    const tables = await findTables(django, order.names);
    const [row] = await django.rows<{ total: number; highestId: string }>(
      `select count(*)::int as total, (select coalesce(max(${column(tables.user, 'id')}), 0)::text from ${tables.user.name} where ${column(tables.user, 'id')} <= $2) as "highestId"
         from ${tables.user.name} u where ${sinceClause(tables)}`,
      [order.since, MAX_ID],
    );
    const batches = () => readBatches(django, tables, order);
    return work({ tables, total: row?.total ?? 0, highestId: row?.highestId ?? '0', batches });
  });
}

const FIRST = '-9223372036854775808';
const LAST = '9223372036854775807';

async function* readBatches(django: Django, tables: Tables, order: Order): AsyncGenerator<Batch> {
  let next = readBatch(django, tables, order, FIRST);
  try {
    for (;;) {
      const batch = await next;
      const isLast = batch.range[1] === LAST;
      if (!isLast) next = readBatch(django, tables, order, batch.range[1]);
      yield batch;
      if (isLast) return;
    }
  } finally {
    await next.catch(() => {}); // whoever stopped early has a reason of their own
  }
}

async function readBatch(django: Django, tables: Tables, { since, size }: Order, after: string): Promise<Batch> {
  const users = await django.rows<DjangoUser>(usersQuery(tables), [since, after, size]);
  const last = users.length < size ? LAST : (users.at(-1)?.id ?? LAST);
  const range = [after, last] as const;
  // Everything in the range, so that tokens of nobody are seen too; of those asked for by date only theirs.
  const where = since === null ? 'between $1::bigint + 1 and $2::bigint' : '= any($1::bigint[])';
  const values = since === null ? [...range] : [users.map(({ id }) => id)];
  const tokens: DrfToken[] = tables.token ? await django.rows(tokensQuery(tables.token, where), values) : [];
  const knoxTokens: KnoxToken[] = tables.knox ? await django.rows(knoxQuery(tables.knox, where), values) : [];
  return { users, tokens, knoxTokens, range };
}

/** A field's column, or what stands for it where there is none. */
const column = ({ columns }: Table, field: string, otherwise = 'null'): string => columns.get(field) ?? otherwise;
const text = (table: Table, field: string): string => `coalesce(${column(table, field, "''")}, '')::text as ${field}`;
const flag = (table: Table, field: string, otherwise: string): string =>
  `coalesce(${column(table, field, otherwise)}, ${otherwise}) as ${field}`;
const time = (table: Table, field: string): string => `${column(table, field)}::timestamptz::text as ${field}`;

const usersQuery = (tables: Tables): string => {
  const { user } = tables;
  return `
    select ${column(user, 'id')}::text as id, ${text(user, 'username')}, ${text(user, 'password')}, ${text(user, 'email')},
           ${text(user, 'first_name')}, ${text(user, 'last_name')},
           ${flag(user, 'is_active', 'true')}, ${flag(user, 'is_staff', 'false')}, ${flag(user, 'is_superuser', 'false')},
           ${time(user, 'date_joined')}, ${time(user, 'last_login')}
      from ${user.name} u
     where u.${column(user, 'id')} > $2::bigint and ${sinceClause(tables)}
     order by u.${column(user, 'id')} limit $3`;
};

/** Whether a user is to be read, given $1. */
function sinceClause({ user, token, knox }: Tables): string {
  const ofUser = ['date_joined', 'last_login']
    .flatMap((field) => user.columns.get(field) ?? [])
    .map((name) => `u.${name} >= $1::timestamptz`);
  const ofTokens = [token, knox].flatMap((table) => {
    const created = table?.columns.get('created');
    if (!table || !created) return [];
    return [
      `exists (select from ${table.name} t where t.${column(table, 'user_id')} = u.${column(user, 'id')} and t.${created} >= $1::timestamptz)`,
    ];
  });
  return `($1::timestamptz is null or ${[...ofUser, ...ofTokens, 'false'].join(' or ')})`;
}

const tokensQuery = (table: Table, where: string): string => `
  select ${column(table, 'user_id')}::text as user_id, ${text(table, 'key')}, ${time(table, 'created')}
    from ${table.name} where ${column(table, 'user_id')} ${where}`;

const knoxQuery = (table: Table, where: string): string => `
  select ${column(table, 'user_id')}::text as user_id, ${text(table, 'digest')}, ${column(table, 'token_key')}::text as token_key,
         ${time(table, 'created')}, ${time(table, 'expiry')},
         coalesce(${column(table, 'expiry')}::timestamptz <= now(), false) as is_expired, ${table.columns.has('salt')} as is_salted
    from ${table.name} where ${column(table, 'user_id')} ${where}`;
