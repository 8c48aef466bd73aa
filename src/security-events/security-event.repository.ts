import { EntityRepository } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import type { Token } from '../tokens/token.entity.ts';
import type { User } from '../users/user.entity.ts';
import type { SecurityEvent, SecurityEventKind } from './security-event.entity.ts';

type Happening = {
  /** Null when nobody has the name that was tried. */
  readonly user: User | null;
  /** Null for what no request did, such as a token reaching its end. */
  readonly client: Client | null;
  readonly token?: Pick<Token, 'id' | 'name'>;
};

export class SecurityEventRepository extends EntityRepository<SecurityEvent> {
  /** A person's events, the latest first. @param after only those before this id */
  latest(userId: number, { after, limit }: { after: string | null; limit: number }): Promise<SecurityEvent[]> {
    return this.find({ user: userId, ...(after && { id: { $lt: after } }) }, { orderBy: { id: 'desc' }, limit });
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
  record(kind: SecurityEventKind, { user, client, token }: Happening): void {
    const from = client ? { ipAddress: client.ipAddress, userAgent: client.userAgent } : {};
    this.create({ kind, user, ...from, ...(token && { tokenId: token.id, tokenName: token.name }) });
  }
}
