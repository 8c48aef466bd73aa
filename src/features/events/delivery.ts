import { defineEntity, p } from '@mikro-orm/core';
import { type EntityManager, EntityRepository } from '@mikro-orm/sql';
import { BACKED_OFF, LEASED, PATIENCE } from '../../services/queue.ts';

const DeliverySchema = defineEntity({
  name: 'Delivery',
  tableName: 'deliveries',
  repository: () => DeliveryRepository,
  properties: {
    id: p.bigint('string').primary(),
    /** The same for all who listen to the event. */
    eventId: p.uuid(),
    type: p.string().length(60),
    /** The name of the feature that listens. */
    listener: p.string().length(100),
    /** What it is about. No secret, and of users no more than id and username. */
    data: p.json<Record<string, unknown>>(),
    happenedAt: p.datetime().defaultRaw('now()'),
    attempts: p.integer().default(0),
    /** Null: it was given up. */
    nextAttemptAt: p.datetime().nullable().defaultRaw('now()').index(),
  },
});

/** An event to tell a listener of, until the listener has taken it. */
export class Delivery extends DeliverySchema.class {}
DeliverySchema.setClass(Delivery);

/** A delivery that this process has claimed for the next minute. */
export type ClaimedDelivery = {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly listener: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly happenedAt: Date;
  /** Including this one. */
  readonly attempts: number;
};

/** Deliveries that nothing will come of by itself. */
export type Stuck = { readonly type: string; readonly listener: string; readonly count: number; readonly since: string };

/** SQL: given up, or for a listener that no server has any more. */
const IS_STUCK = `(next_attempt_at is null or happened_at < now() - ${PATIENCE} - interval '1 day')`;

export class DeliveryRepository extends EntityRepository<Delivery> {
  /** Takes the next delivery that is due. If the process dies, another one takes it after a minute. @param keys see `keyOf` */
  async claim(keys: readonly string[]): Promise<ClaimedDelivery | null> {
    const [row] = await this.em.execute<ClaimedDelivery[]>(
      `update deliveries set attempts = attempts + 1, next_attempt_at = ${LEASED}
        where id = (
          select id from deliveries where next_attempt_at <= now() and listener || ' ' || type in (?)
           order by next_attempt_at limit 1 for update skip locked)
       returning id::text, event_id as "eventId", type, listener, data, happened_at as "happenedAt", attempts`,
      [keys],
    );
    return row ? { ...row, happenedAt: new Date(row.happenedAt) } : null;
  }

  /** It was taken. */
  async settle({ id }: ClaimedDelivery): Promise<void> {
    await this.em.execute('delete from deliveries where id = ?', [id]);
  }

  /** Puts a delivery off: for one minute, two, four, up to an hour; after three days it gives up. Whether it will be tried again. */
  async putOff({ id }: ClaimedDelivery): Promise<boolean> {
    const [row] = await this.em.execute(
      `update deliveries set next_attempt_at = case when happened_at > now() - ${PATIENCE} then ${BACKED_OFF} end
        where id = ? returning next_attempt_at is not null as "isQueued"`,
      [id],
    );
    return row?.isQueued === true;
  }

  /** How many wait, counted up to `limit`. */
  async countQueued(limit: number): Promise<number> {
    const [row] = await this.em.execute(
      'select count(*)::int as queued from (select 1 from deliveries where next_attempt_at is not null limit ?) as some_deliveries',
      [limit],
    );
    return Number(row?.queued);
  }

  /** What will not be delivered, the most frequent first; at most ten kinds. */
  findStuck(): Promise<Stuck[]> {
    return this.em.execute(
      `select type, listener, count(*)::int as count, min(happened_at)::text as since
         from deliveries where ${IS_STUCK} group by type, listener order by count(*) desc, type, listener limit 10`,
    );
  }
}

/** What a process knows how to deliver: a listener, and one of the events that it listens to. */
export const keyOf = (listener: string, type: string): string => `${listener} ${type}`;

/** Deletes at most `limit` deliveries that were given up a month ago. Returns how many. */
export async function sweepDeliveries(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    `delete from deliveries where id in (
       select id from deliveries where ${IS_STUCK} and happened_at < now() - interval '33 days' limit ? for update skip locked
     ) returning 1`,
    [limit],
  );
  return rows.length;
}
