import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/sql';
import type { Log } from '../../observability/log.ts';
import { createQueue, type Queue } from '../../services/queue.ts';
import type { Feature } from '../../shared/feature.ts';
import { type ClaimedDelivery, Delivery, keyOf } from './delivery.ts';

/** What an attempt to deliver an event came to: `put_off` is tried again, `given_up` is not. */
export type DeliveryResult = 'delivered' | 'put_off' | 'given_up';

type Options = {
  readonly em: EntityManager;
  readonly features: readonly Feature[];
  readonly log: Log;
  /** Called for each attempt. */
  readonly count?: ((result: DeliveryResult) => void) | undefined;
};

export type EventDelivery = Pick<Queue, 'stop'> & {
  /** How many deliveries wait, counted up to 10,000; null when the database takes longer than a second to say. */
  readonly queued: () => Promise<number | null>;
};

/** Milliseconds that a listener may take. Less than the minute for which a delivery is claimed: then another process may try. */
const LIMIT = 50_000;

const EVERY = 1000; // milliseconds
const MAX_COUNT = 10_000;

type Handle = (delivery: ClaimedDelivery, em: EntityManager, signal: AbortSignal) => Promise<void>;

/** Tells the features what has happened, in the background, until they have taken it. Null: no feature listens. */
export function createEventDelivery({ em, features, log, count }: Options): EventDelivery | null {
  const handlers = handlersOf(features);
  if (handlers.size === 0) return null;
  const work = async (isStopped: () => boolean) => {
    while (!isStopped() && (await deliverNext({ em: em.fork(), handlers, log, count })));
  };
  const { nudge, stop } = createQueue({ work, log, failure: 'the queue of events could not be processed', every: EVERY });
  em.getEventManager().registerSubscriber({ getSubscribedEntities: () => [Delivery], afterCreate: nudge });
  const queued = () =>
    Promise.race([em.fork().getRepository(Delivery).countQueued(MAX_COUNT), wait(1000, null, { ref: false })]).catch(() => null);
  return { stop, queued };
}

/** By `keyOf`. */
const handlersOf = (features: readonly Feature[]): Map<string, Handle> =>
  new Map(
    features.flatMap(({ name, after = {} }) => Object.entries(after).map(([type, listener]) => [keyOf(name, type), handle(listener)])),
  );

/** What comes out of the table is what `announce` put in, so it is of the type that the listener takes. */
const handle =
  (listener: (event: never) => unknown): Handle =>
  async ({ eventId, type, data, happenedAt }, em, signal) => {
    await Reflect.apply(listener, undefined, [{ ...data, id: eventId, type, timestamp: happenedAt, em, signal }]);
  };

type Round = Pick<Options, 'em' | 'log' | 'count'> & { readonly handlers: ReadonlyMap<string, Handle> };

/** Delivers one event that is due. False when there is none. */
async function deliverNext({ em, handlers, log, count }: Round): Promise<boolean> {
  const deliveries = em.getRepository(Delivery);
  const delivery = await deliveries.claim([...handlers.keys()]);
  if (!delivery) return false;
  const { type, listener, eventId, attempts } = delivery;
  try {
    await handOver(handlers.get(keyOf(listener, type)), delivery, em.fork());
    await deliveries.settle(delivery);
    count?.('delivered');
  } catch (err) {
    const isQueued = await deliveries.putOff(delivery);
    count?.(isQueued ? 'put_off' : 'given_up');
    const facts = { err, type, listener, eventId, attempts };
    if (isQueued) log.warn(facts, 'an event was not delivered; it will be tried again');
    else log.error(facts, 'the delivery of an event was given up');
  }
  return true;
}

/** @throws also when it takes too long */
async function handOver(handler: Handle | undefined, delivery: ClaimedDelivery, em: EntityManager): Promise<void> {
  const signal = AbortSignal.timeout(LIMIT);
  const tooLate = once(signal, 'abort').then(() => signal.throwIfAborted());
  await Promise.race([handler?.(delivery, em, signal), tooLate]);
}
