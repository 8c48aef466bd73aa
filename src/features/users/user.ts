import { defineEntity, type EntityCtor, type InferEntity, LockMode, type Opt, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { loadedColumns } from '../../database/loaded-columns.ts';
import { unauthenticated } from '../../shared/errors.ts';
import type { Named } from '../../shared/feature.ts';
import { hasForm } from '../../shared/text.ts';
import type { UserColumns } from '../../shared/user-column.ts';
import { announce } from '../events/announce.ts';
import { addressTyped } from './email.ts';
import type { Profile } from './profile.ts';
import { type Place, userKeys } from './user-order.ts';
import { type UserPage, userPage } from './user-page.ts';
import { MAX_MATCHES, searchedTexts, userSearch } from './user-search.ts';
import { attemptKey, canonicalUsername, spellingsOf } from './username.ts';

const index = (name: string, columns: string) => ({ name, expression: `create index ${name} on users (${columns})` });

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  repository: () => UserRepository,
  indexes: [
    index('users_email_fold_index', 'fold_case(email)'),
    {
      name: 'users_verified_email_key',
      expression: 'create unique index users_verified_email_key on users (fold_case(email)) where email_verified',
    },
    ...Object.entries(userKeys).map(([name, key]) => index(`users_by_${name}_index`, `is_active, is_staff, ${key.sql}, id`)),
    ...Object.entries(searchedTexts).map(([name, text]) => index(`users_search_${name}_index`, `${text} text_pattern_ops`)),
  ],
  properties: {
    id: p.integer().primary(),
    username: p.string().length(150).unique(),
    /** Unique case-insensitively among people who registered here; null for an imported namesake. */
    canonicalUsername: p.text().nullable().unique().hidden().lazy(),
    email: p.string().length(254).default(''),
    firstName: p.string().length(150).default(''),
    lastName: p.string().length(150).default(''),
    passwordHash: p.string().length(255).hidden().lazy(),
    /** Whether a link sent to `email` was opened. A trigger keeps it false while another account has verified the address. */
    emailVerified: p.boolean().default(false),
    isActive: p.boolean().default(true),
    isStaff: p.boolean().default(false),
    isSuperuser: p.boolean().default(false),
    dateJoined: p.datetime().defaultRaw('now()'),
    lastLogin: p.datetime().nullable(),
    /** What the user may do besides, by the names that features declare. */
    scopes: p.array().columnType('text[]').defaultRaw("'{}'"),
  },
});

/** They all have a default or may be null. */
type AppColumns = { [Name in keyof GraphqlTokenAuth.UserColumns]: Opt<GraphqlTokenAuth.UserColumns[Name]> };

/** Tells TypeScript of the columns that an app adds; `addColumns` adds them. */
function withAppColumns<Entity>(base: EntityCtor<Entity>): EntityCtor<Entity & AppColumns>;
function withAppColumns(base: unknown): unknown {
  return base;
}

// Its type is spelled out for the package's declarations: TypeScript has no name for what it infers.
const WithAppColumns: EntityCtor<InferEntity<typeof UserSchema> & AppColumns> = withAppColumns(UserSchema.class);

/** A user account: Django's `auth_user`, column for column, with scopes and the columns of the app. */
export class User extends WithAppColumns {}
UserSchema.setClass(User);

/** Adds columns to the entity, before a database is opened. */
export function addColumns(columns: UserColumns): void {
  for (const [name, { column }] of Object.entries(columns)) Object.assign(UserSchema.properties, { [name]: { ...column['~options'] } });
}

/** Whether the entity has a column of that name already. */
export const hasColumn = (name: string): boolean => Object.hasOwn(UserSchema.properties, name);

/** What a login is checked against. */
export type Credentials = { readonly id: number; readonly passwordHash: string; readonly isActive: boolean };

/** What an account begins with besides its profile. */
export type NewAccount = {
  readonly passwordHash: string;
  readonly isActive?: boolean;
  readonly isStaff?: boolean;
  readonly isSuperuser?: boolean;
  /** The values of the app's columns. */
  readonly [column: string]: unknown;
};

/** A name that was taken may be free a moment later. */
const ATTEMPTS = 3;

/** A user in a list, and the place in it. */
export type ListedUser = { readonly user: User; readonly place: Place };

/** The id that a client means. For what is no id, or exceeds the column, it is 0, which no user has. */
export const userIdOf = (id: string): number => (hasForm(id, /^\d{1,10}$/, 10) && Number(id) < 2 ** 31 ? Number(id) : 0);

export class UserRepository extends EntityRepository<User> {
  /** The account that a typed username or verified address logs in to. The password hash is loaded. */
  async findByUsername(typed: string): Promise<User | null> {
    const found = await this.findCredentials(typed);
    return found && this.findOne(found.id, { populate: ['passwordHash'] });
  }

  /**
   * What a login is checked against, as a plain row: making an entity takes time that would tell which accounts exist. The name is
   * tried as it was typed, then without blanks around it, then in the form that is stored here; case matters, as an imported table may
   * hold both `Case` and `case`. What is no username may be a verified address, in any case: a username goes before an address, or the
   * owner of a mailbox could keep out the account that is named like it. One statement, even for a name that no account can have.
   */
  async findCredentials(typed: string): Promise<Credentials | null> {
    const [exact = '', trimmed = '', normalised = ''] = spellingsOf(typed);
    const rows: Credentials[] = await this.em.execute(
      `select id, password_hash as "passwordHash", is_active as "isActive" from users
        where username in (?, ?, ?) or email_verified and fold_case(email) = fold_case(?)
        order by username <> ?, username <> ?, username <> ? limit 1`,
      [exact, trimmed, normalised, addressTyped(typed), exact, trimmed, normalised],
    );
    return rows[0] ?? null;
  }

  /**
   * Notes a login in the caller's transaction, and locks the row until that ends. Null when the password was changed or the account
   * deactivated since the credentials were read: see `lockUnchanged`. The password hash is loaded.
   */
  async enter({ id, passwordHash }: Credentials): Promise<User | null> {
    const columns = [...loadedColumns(this.em.getMetadata().get(this.entityName)), 'password_hash'].map((column) => `"${column}"`);
    const [row] = await this.em.execute(
      `update users set last_login = now() where id = ? and password_hash = ? and is_active returning ${columns.join()}`,
      [id, passwordHash],
    );
    return row ? this.map(row) : null;
  }

  /** With the password hash. @throws UNAUTHENTICATED, as for an unknown token, if the account was deleted since the token was read */
  findById(id: number): Promise<User> {
    return this.findOneOrFail(id, { populate: ['passwordHash'], failHandler: () => unauthenticated('unknown') });
  }

  /**
   * Locks a user's row until the transaction ends. False when the password was changed or the account deactivated since
   * `user` was read: what was verified then is void, or a login could outrun `changePassword`.
   */
  async lockUnchanged({ id, passwordHash }: User): Promise<boolean> {
    const rows = await this.em.execute('select 1 from users where id = ? and password_hash = ? and is_active for update', [
      id,
      passwordHash,
    ]);
    return rows.length > 0;
  }

  /**
   * Stores another hash of the same password, for an account whose row the caller has locked; the caller flushes. Records
   * that the password is the same, or an import would take it for one that was changed here.
   */
  async renewHash(user: User, passwordHash: string): Promise<void> {
    const statement = 'update django_users set password_here = md5(?) where id = ? and password_here = md5(?)';
    await this.em.execute(statement, [passwordHash, user.id, user.passwordHash]);
    user.passwordHash = passwordHash;
  }

  /**
   * Whether an account may have an address as verified: no other account has. The answer holds until the caller's transaction ends, which
   * waits for those that ask about the same address.
   */
  async claimAddress(id: number, email: string): Promise<boolean> {
    await this.em.execute('select pg_advisory_xact_lock(hashtextextended(fold_case(?), 8264))', [email]);
    return this.isUnclaimed(id, email);
  }

  private async isUnclaimed(id: number, email: string): Promise<boolean> {
    const statement = 'select 1 from users where email_verified and fold_case(email) = fold_case(?) and id <> ?';
    return (await this.em.execute(statement, [email, id])).length === 0;
  }

  /** The keys under which logins to an account are counted, but for a username that is the verified address of another account. */
  async attemptKeysOf({ id, username, email, emailVerified }: User): Promise<string[]> {
    const isOwn = addressTyped(username) === null || (await this.isUnclaimed(id, username));
    return [...(isOwn ? [attemptKey(username)] : []), ...(emailVerified ? [attemptKey(email)] : [])];
  }

  /** Locks a user's row until the transaction ends: every issue of a token takes this lock. False when the account is gone. */
  async lock({ id }: Pick<User, 'id'>): Promise<boolean> {
    const rows = await this.em.execute('select 1 from users where id = ? for update', [id]);
    return rows.length > 0;
  }

  /** Locks the rows of users until the transaction ends, always in the same order, and reads them as they are then. */
  async lockAll(ids: readonly number[]): Promise<User[]> {
    const where = { id: { $in: [...ids] } };
    const options = { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, populate: ['passwordHash'] } as const;
    return this.find(where, options);
  }

  /**
   * Locks the rows of a user and of all active superusers, in the same order as lockAll, and says whether that user is the last of
   * them. The answer comes from the locked rows: the user may have become a superuser since the row was read.
   */
  async lockAsLastSuperuser(id: number): Promise<boolean> {
    const rows = await this.em.execute(
      `select id, is_superuser and is_active as "mayAll" from users where id = ? or is_superuser and is_active order by id for update`,
      [id],
    );
    const superusers = rows.filter(({ mayAll }) => mayAll === true);
    return superusers.length === 1 && superusers[0]?.id === id;
  }

  /** A user to show, from a replica: it may lag behind a write of the same request. */
  view(id: number): Promise<User | null> {
    return this.findOne(id, { connectionType: 'read' });
  }

  /** A page of a list, from a replica. */
  async list(page: UserPage): Promise<ListedUser[]> {
    const { rows } = await userPage(page, loadedColumns(this.em.getMetadata().get(this.entityName))).execute(
      this.em.getKysely({ type: 'read' }),
    );
    return rows.map(({ key, ...row }) => ({ user: this.map(row), place: { key: String(key), id: String(row.id) } }));
  }

  /** The ids of the users that a search finds, from a replica; null if there are too many to put in order. */
  async search(text: string): Promise<number[] | null> {
    const { rows } = await userSearch(text).execute(this.em.getKysely({ type: 'read' }));
    return rows.length > MAX_MATCHES ? null : rows.map(({ id }) => id);
  }

  /** Whether a username is taken in any spelling. The unique keys decide among simultaneous registrations. */
  async isTaken(username: string): Promise<boolean> {
    const count = await this.count({ $or: [{ username }, { canonicalUsername: canonicalUsername(username) }] });
    return count > 0;
  }

  private async announceNew(user: User, actor: Named | null): Promise<User> {
    await announce(this.em, 'user.created', { user, actor });
    return user;
  }

  /** Whether an account has one of the values that may occur only once. */
  private async repeats(row: Readonly<Record<string, unknown>>): Promise<boolean> {
    const { props } = this.em.getMetadata().get(this.entityName);
    const unique = props.filter(({ name, unique }) => unique && row[name] !== undefined && row[name] !== null);
    return (await this.count({ $or: unique.map(({ name }) => ({ [name]: row[name] })) })) > 0;
  }

  /**
   * Adds an account at once, in the caller's transaction; null when its username is taken in any spelling, or a value that may occur
   * only once. Among simultaneous ones
   * the unique keys decide, and none of them fails: PostgreSQL logs what fails.
   * @param actor the member of staff who adds it
   * @throws if nothing was added although the username is free, as happens when the sequence of ids is behind
   */
  async register(profile: Profile, account: NewAccount, actor: Named | null = null): Promise<User | null> {
    const row = { ...profile, ...account, canonicalUsername: canonicalUsername(profile.username) };
    for (let left = ATTEMPTS; left > 0; left--) {
      const added = await this.createQueryBuilder().insert(row).onConflict().ignore().returning('*').execute('get');
      if (added) return this.announceNew(this.map(added), actor);
      if (await this.repeats(row)) return null;
    }
    throw new Error('users_id_seq is behind: no account was added, though its username is free. `manage check` says how to mend it');
  }
}
