import { EntityRepository } from '@mikro-orm/sql';
import type { Client } from '../../shared/client.ts';
import type { User } from '../users/user.ts';
import type { SecurityEvent } from './security-event.entity.ts';
import { type SecurityEventKind, securityEventKinds } from './security-event-kind.ts';

/** A member of staff who does something to somebody's account. */
export type Actor = Pick<User, 'id' | 'username'>;

type Happening = {
  /** Null when nobody has the name that was tried. */
  readonly user: User | null;
  /** Null for what no request did, such as a token reaching its end. */
  readonly client: Client | null;
  readonly token?: { readonly id: string; readonly name: string };
  /** The member of staff who did it. */
  readonly actor?: Actor | undefined;
};

const isKnown = (kind: string): kind is SecurityEventKind => kind in securityEventKinds;
const knownKinds = Object.keys(securityEventKinds).filter(isKnown);

export class SecurityEventRepository extends EntityRepository<SecurityEvent> {
  /**
   * A person's events, the latest first, from a replica. Those of a kind that only a newer version knows are left out: during an upgrade
   * both run on one database. @param after only those before this id
   */
  latest(userId: number, { after, limit }: { after: string | null; limit: number }): Promise<SecurityEvent[]> {
    const where = { user: userId, kind: { $in: knownKinds }, ...(after && { id: { $lt: after } }) };
    return this.find(where, { orderBy: { id: 'desc' }, limit, connectionType: 'read' });
  }

  /** Notes at once, by itself, what befell an account; when its owner is deleting it meanwhile, it befell nobody. */
  async recordAlone(kind: SecurityEventKind, { userId, client }: { userId: number | null; client: Client }): Promise<void> {
    await this.em.execute(
      `insert into security_events (user_id, kind, ip_address, user_agent)
       values ((select id from users where id = ? for key share), ?, ?, ?)`,
      [userId, kind, client.ipAddress, client.userAgent],
    );
  }

  /** Notes what happened; the caller flushes, so that the event and its cause are written together or not at all. */
  record(kind: SecurityEventKind, { user, client, token, actor }: Happening): void {
    const from = client ? { ipAddress: client.ipAddress, userAgent: client.userAgent } : {};
    const by = actor && { actorId: actor.id, actorUsername: actor.username };
    this.create({ kind, user, ...from, ...by, ...(token && { tokenId: token.id, tokenName: token.name }) });
  }

  /** Tells the trigger that notes changes of what an account may do who makes them in this transaction. */
  async attribute({ actor, client }: { actor: Actor; client: Client }): Promise<void> {
    const act = { actorId: actor.id, actorUsername: actor.username, ...client };
    await this.em.execute("select set_config('graphql_token_auth.act', ?, true)", [JSON.stringify(act)]);
  }
}
