import { defineEntity, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { sql } from 'kysely';
import type { Client } from '../../shared/client.ts';
import { announce } from '../events/announce.ts';
import { User } from '../users/user.ts';

/** What happens to an account, with what each means, as `schema.graphql` describes them. */
export const securityEventKinds = {
  REGISTERED: 'The account was created.',
  LOGGED_IN: 'The password was accepted and a token issued.',
  LOGIN_FAILED: 'A login was refused.',
  THROTTLED: 'Too many logins failed, so logins were refused for a while.',
  TOKEN_CREATED: 'A named token was created.',
  TOKEN_REVOKED: 'A token was revoked before it expired.',
  TOKEN_EXPIRED: 'A token expired.',
  PASSWORD_CHANGED: 'The password was changed, with the old password or on the command line.',
  PASSWORD_RESET: 'The password was set through a link sent by mail.',
  EMAIL_CHANGED: 'The email address was changed.',
  PASSWORD_RESET_SENT: 'A member of staff had a link for a password reset sent.',
  ACCOUNT_CREATED: 'A member of staff created the account.',
  ACCOUNT_CHANGED: 'A member of staff changed the names of the user.',
  ACCOUNT_DELETED: 'The account was deleted, by its owner or by staff.',
  ACCOUNT_UNLOCKED: 'A member of staff allowed logins again after too many had failed.',
  // A trigger writes these, also for changes made past this server.
  ACCOUNT_DEACTIVATED: 'The account was deactivated.',
  ACCOUNT_ACTIVATED: 'The account was activated again.',
  STAFF_GRANTED: 'The user became staff.',
  STAFF_WITHDRAWN: 'The user is no longer staff.',
  SUPERUSER_GRANTED: 'The user became a superuser.',
  SUPERUSER_WITHDRAWN: 'The user is no longer a superuser.',
  SCOPES_CHANGED: 'The scopes of the user were changed.',
} as const;

export type SecurityEventKind = keyof typeof securityEventKinds;

const SecurityEventSchema = defineEntity({
  name: 'SecurityEvent',
  tableName: 'security_events',
  repository: () => SecurityEventRepository,
  indexes: [{ properties: ['user', 'id'] }, { properties: ['kind', 'happenedAt'] }],
  properties: {
    id: p.bigint('string').primary(),
    /** Null if no account has the username that was tried: every refusal costs the same. */
    user: () => p.manyToOne(User).nullable().deleteRule('cascade'),
    kind: p.string().length(40).$type<SecurityEventKind>(),
    happenedAt: p.datetime().defaultRaw('now()'),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(300).default(''),
    /** The token that did it or was affected; it may no longer exist. */
    tokenId: p.bigint('string').nullable(),
    tokenName: p.string().length(150).default(''),
    /** The member of staff who did it, who may no longer exist; null if the owner did, or a change past this server. */
    actorId: p.integer().nullable(),
    actorUsername: p.string().length(150).default(''),
    /** Of an account that was deleted: its other events went with it. */
    username: p.string().length(150).default(''),
  },
});

/** An event that concerns the security of an account: what happened, when, from where, by which token. It never holds a secret. */
export class SecurityEvent extends SecurityEventSchema.class {}
SecurityEventSchema.setClass(SecurityEvent);

/** A member of staff who acts on another user's account. */
export type Actor = Pick<User, 'id' | 'username'>;

/** What the app hears of. UserRepository tells of new accounts. */
const ofAccounts: { readonly [Kind in SecurityEventKind]?: readonly ('password.changed' | 'password.reset' | 'user.email_changed')[] } = {
  PASSWORD_CHANGED: ['password.changed'],
  PASSWORD_RESET: ['password.reset'],
  EMAIL_CHANGED: ['user.email_changed'],
};

const ofTokens: { readonly [Kind in SecurityEventKind]?: readonly ('user.logged_in' | 'token.created' | 'token.revoked')[] } = {
  REGISTERED: ['token.created'],
  LOGGED_IN: ['user.logged_in', 'token.created'],
  TOKEN_CREATED: ['token.created'],
  TOKEN_REVOKED: ['token.revoked'],
};

type Happening = {
  /** Null if no account has the name that was tried. */
  readonly user: User | null;
  /** Null for what no request did, such as the expiry of a token. */
  readonly client: Client | null;
  readonly token?: { readonly id: string; readonly name: string };
  /** The member of staff who did it. */
  readonly actor?: Actor | undefined;
  /** The name of an account that will be gone. */
  readonly username?: string;
};

/** What happened within an hour, over all accounts. */
export type ActivityHour = {
  readonly startsAt: Date;
  readonly logins: number;
  readonly failedLogins: number;
  readonly locks: number;
  readonly registrations: number;
};

/** Each hour is looked up in an index by itself. */
const activity = sql<Omit<ActivityHour, 'startsAt'> & { readonly seconds: number }>`
  select extract(epoch from h.starts_at)::float8 as seconds,
         count(*) filter (where e.kind = 'LOGGED_IN')::int as logins,
         count(*) filter (where e.kind = 'LOGIN_FAILED')::int as "failedLogins",
         count(*) filter (where e.kind = 'THROTTLED')::int as locks,
         count(*) filter (where e.kind in ('REGISTERED', 'ACCOUNT_CREATED'))::int as registrations
    from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') as h (starts_at)
    left join security_events e
           on e.kind in ('LOGGED_IN', 'LOGIN_FAILED', 'THROTTLED', 'REGISTERED', 'ACCOUNT_CREATED')
          and e.happened_at >= h.starts_at and e.happened_at < h.starts_at + interval '1 hour'
   group by h.starts_at order by h.starts_at`;

const isKnown = (kind: string): kind is SecurityEventKind => kind in securityEventKinds;
const knownKinds = Object.keys(securityEventKinds).filter(isKnown);

export class SecurityEventRepository extends EntityRepository<SecurityEvent> {
  /**
   * A user's events, newest first, from a replica. Kinds that only a newer version knows are left out: during an upgrade both versions
   * run on one database. @param after only those before this id
   */
  latest(userId: number, { after, limit }: { after: string | null; limit: number }): Promise<SecurityEvent[]> {
    const where = { user: userId, kind: { $in: knownKinds }, ...(after && { id: { $lt: after } }) };
    return this.find(where, { orderBy: { id: 'desc' }, limit, populate: ['user'], connectionType: 'read' });
  }

  /** The events of all accounts, newest first, with their users, from a replica. @param kinds null: all that this version knows */
  latestOfAll({ after, limit, kinds }: { after: string | null; limit: number; kinds: readonly string[] | null }) {
    const where = { kind: { $in: kinds ? [...new Set(kinds.filter(isKnown))] : knownKinds }, ...(after && { id: { $lt: after } }) };
    return this.find(where, { orderBy: { id: 'desc' }, limit, populate: ['user'], connectionType: 'read' });
  }

  /** The last 24 hours, the current one last, from a replica. */
  async activity(): Promise<readonly ActivityHour[]> {
    const { rows } = await activity.execute(this.em.getKysely({ type: 'read' }));
    return rows.map(({ seconds, ...counts }) => ({ ...counts, startsAt: new Date(seconds * 1000) }));
  }

  /** Writes an event at once, on its own. If the account is being deleted meanwhile, the event has no user. */
  async recordAlone(kind: SecurityEventKind, { userId, client }: { userId: number | null; client: Client }): Promise<void> {
    await this.em.execute(
      `insert into security_events (user_id, kind, ip_address, user_agent)
       values ((select id from users where id = ? for key share), ?, ?, ?)`,
      [userId, kind, client.ipAddress, client.userAgent],
    );
  }

  /**
   * Records what happens, and tells the app; the caller flushes, so that the event and its cause are written together or not at all.
   * @throws what a hook of the app throws
   */
  async record(kind: SecurityEventKind, happening: Happening): Promise<void> {
    const { user, client, token, actor, username } = happening;
    const from = client ? { ipAddress: client.ipAddress, userAgent: client.userAgent } : {};
    const by = actor && { actorId: actor.id, actorUsername: actor.username };
    this.create({ kind, user, ...from, ...by, ...(username && { username }), ...(token && { tokenId: token.id, tokenName: token.name }) });
    await this.tell(kind, happening);
  }

  private async tell(kind: SecurityEventKind, { user, token, ...by }: Happening): Promise<void> {
    if (!user) return;
    const actor = by.actor ?? null;
    for (const type of ofAccounts[kind] ?? []) await announce(this.em, type, { user, actor });
    if (!token) return;
    const { id, name } = token;
    for (const type of ofTokens[kind] ?? []) await announce(this.em, type, { user, actor, token: { id, name } });
  }

  /** Tells the trigger that records changes of rights who makes them in this transaction. */
  async attribute({ actor, client }: { actor: Actor; client: Client }): Promise<void> {
    const act = { actorId: actor.id, actorUsername: actor.username, ...client };
    await this.em.execute("select set_config('graphql_token_auth.act', ?, true)", [JSON.stringify(act)]);
  }
}
