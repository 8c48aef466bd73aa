import { MAX_ID } from './check-rows.ts';
import { type Row, type Source, withSource } from './django-source.ts';
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
  /** How many users there are to read. */
  readonly total: number;
  /** The highest id that a user can have here, whether read or not. */
  readonly highestId: string;
  /** Reads a batch ahead; memory does not grow with the number of users. */
  readonly batches: () => AsyncGenerator<Batch>;
};

type Order = {
  readonly names: TableNames;
  /** Only users who joined, logged in or got a token since, with all their tokens; an ISO date. Null: all users. */
  readonly since: string | null;
  /** Users in a batch. */
  readonly size: number;
};

/**
 * Reads a live Django database as it is at one moment, and writes nothing to it.
 * @param url of PostgreSQL, or `sqlite:` and a path
 * @throws OperatorError when it cannot be read
 */
export function withSnapshot<Result>(url: string, order: Order, work: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  return withSource(url, order.names, async (source) => {
    const { user } = source.tables;
    const id = column(user, 'id');
    const [row] = await source.rows(
      `select cast(count(*) as integer) as total,
              (select cast(coalesce(max(${id}), 0) as text) from ${user.name} where ${id} <= cast($2 as bigint)) as highest
         from ${user.name} u where ${sinceClause(source)}`,
      [dateOf(source, order), MAX_ID],
    );
    return work({ total: Number(row?.total ?? 0), highestId: String(row?.highest ?? 0), batches: () => readBatches(source, order) });
  });
}

const dateOf = ({ dialect }: Source, { since }: Order): string | null => (since === null ? null : dialect.date(since));

const FIRST = '-9223372036854775808';
const LAST = '9223372036854775807';

async function* readBatches(source: Source, order: Order): AsyncGenerator<Batch> {
  let next = readBatch(source, order, FIRST);
  try {
    for (;;) {
      const batch = await next;
      const isLast = batch.range[1] === LAST;
      if (!isLast) next = readBatch(source, order, batch.range[1]);
      yield batch;
      if (isLast) return;
    }
  } finally {
    await next.catch(() => {}); // a caller that stopped early has a reason of its own
  }
}

async function readBatch(source: Source, order: Order, after: string): Promise<Batch> {
  const { dialect, tables, rows } = source;
  const users = (await rows(usersQuery(source), [dateOf(source, order), after, order.size])).map(userOf);
  const last = users.length < order.size ? LAST : (users.at(-1)?.id ?? LAST);
  const range = [after, last] as const;
  // Everything in the range, so that tokens without a user are seen too; of those asked for by date only theirs.
  const isOfAll = order.since === null;
  const where = (id: string) => (isOfAll ? `${id} > cast($1 as bigint) and ${id} <= cast($2 as bigint)` : dialect.isAmong(id, '$1'));
  const values = isOfAll ? range : [dialect.list(users.map(({ id }) => id))];
  const tokens = tables.token ? (await rows(tokensQuery(source, tables.token, where), values)).map(drfTokenOf) : [];
  const knoxTokens = tables.knox ? (await rows(knoxQuery(source, tables.knox, where), values)).map(knoxTokenOf) : [];
  return { users, tokens, knoxTokens, range };
}

const isTrue = (value: unknown): boolean => value === true || value === 1; // SQLite has numbers
const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

const userOf = (row: Row): DjangoUser => ({
  id: String(row.id),
  username: String(row.username),
  password: String(row.password),
  email: String(row.email),
  first_name: String(row.first_name),
  last_name: String(row.last_name),
  is_active: isTrue(row.is_active),
  is_staff: isTrue(row.is_staff),
  is_superuser: isTrue(row.is_superuser),
  date_joined: textOrNull(row.date_joined),
  last_login: textOrNull(row.last_login),
});

const drfTokenOf = (row: Row): DrfToken => ({ user_id: String(row.user_id), key: String(row.key), created: textOrNull(row.created) });

const knoxTokenOf = (row: Row): KnoxToken => ({
  user_id: String(row.user_id),
  digest: String(row.digest),
  token_key: textOrNull(row.token_key),
  created: textOrNull(row.created),
  expiry: textOrNull(row.expiry),
  is_expired: isTrue(row.is_expired),
  is_salted: isTrue(row.is_salted),
});

/** A field's column, or what stands for it where there is none. */
const column = ({ columns }: Table, field: string, otherwise = 'null'): string => columns.get(field) ?? otherwise;
const whole = (table: Table, field: string): string => `cast(${column(table, field)} as text) as ${field}`;
const text = (table: Table, field: string): string => `cast(coalesce(${column(table, field, "''")}, '') as text) as ${field}`;
const flag = (table: Table, field: string, otherwise: string): string =>
  `coalesce(${column(table, field, otherwise)}, ${otherwise}) as ${field}`;
const time = ({ dialect }: Source, table: Table, field: string): string => `${dialect.time(column(table, field))} as ${field}`;

const usersQuery = (source: Source): string => {
  const { user } = source.tables;
  return `
    select ${whole(user, 'id')}, ${text(user, 'username')}, ${text(user, 'password')}, ${text(user, 'email')},
           ${text(user, 'first_name')}, ${text(user, 'last_name')},
           ${flag(user, 'is_active', 'true')}, ${flag(user, 'is_staff', 'false')}, ${flag(user, 'is_superuser', 'false')},
           ${time(source, user, 'date_joined')}, ${time(source, user, 'last_login')}
      from ${user.name} u
     where u.${column(user, 'id')} > cast($2 as bigint) and ${sinceClause(source)}
     order by u.${column(user, 'id')} limit $3`;
};

/** Whether a user is to be read, given $1. */
function sinceClause({ dialect, tables: { user, token, knox } }: Source): string {
  const ofUser = ['date_joined', 'last_login']
    .flatMap((field) => user.columns.get(field) ?? [])
    .map((name) => dialect.isSince(`u.${name}`, '$1'));
  const ofTokens = [token, knox].flatMap((table) => {
    const created = table?.columns.get('created');
    if (!table || !created) return [];
    return [
      `exists (select 1 from ${table.name} t
                where t.${column(table, 'user_id')} = u.${column(user, 'id')} and ${dialect.isSince(`t.${created}`, '$1')})`,
    ];
  });
  return `(${dialect.isNull('$1')} or ${[...ofUser, ...ofTokens, 'false'].join(' or ')})`;
}

/** Which tokens to read, given the column of their user. */
type Where = (id: string) => string;

const tokensQuery = (source: Source, table: Table, where: Where): string => `
  select ${whole(table, 'user_id')}, ${text(table, 'key')}, ${time(source, table, 'created')}
    from ${table.name} where ${where(column(table, 'user_id'))}`;

const knoxQuery = (source: Source, table: Table, where: Where): string => `
  select ${whole(table, 'user_id')}, ${text(table, 'digest')}, ${whole(table, 'token_key')},
         ${time(source, table, 'created')}, ${time(source, table, 'expiry')},
         ${source.dialect.isPast(column(table, 'expiry'))} as is_expired, ${table.columns.has('salt')} as is_salted
    from ${table.name} where ${where(column(table, 'user_id'))}`;
