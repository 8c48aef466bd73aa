import type { EntityManager } from '@mikro-orm/sql';
import { Repeater } from 'graphql-yoga';
import type { Listen } from '../../database/notifications.ts';
import type { Topics } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import { missedMessages } from '../../shared/errors.ts';
import { CHANNEL, findPayload, type Message } from './publish.ts';

type Options = { readonly em: EntityManager; readonly listen: Listen; readonly log: Log };

/** Who subscribes. @param push takes the next payload @param fail ends the subscription: something was missed */
type Subscriber = { readonly push: (payload: unknown) => void; readonly fail: () => void };

/** Payloads that a subscriber may be behind by. */
const LONGEST_QUEUE = 100;

/**
 * Hears what is published on any node, on one connection of its own, from the first subscription on. A subscriber that is too slow, and
 * all of them when the connection was away, get an error in place of a gap, so that clients subscribe and read again.
 */
export function createTopics({ em, listen, log }: Options): Topics & { readonly stop: () => Promise<void> } {
  const subscribers = new Map<string, Set<Subscriber>>();
  const failAll = () => {
    for (const those of subscribers.values()) for (const { fail } of those) fail();
  };
  const deliver = async (message: Message) => {
    if (!subscribers.has(message.topic)) return;
    const payload = 'row' in message ? await findPayload(em.fork(), message.row) : message.payload;
    for (const { push, fail } of subscribers.get(message.topic) ?? []) payload === undefined ? fail() : push(payload);
  };
  let delivered = Promise.resolve();
  const onMessage = (text: string) => {
    delivered = delivered
      .then(() => deliver(JSON.parse(text))) // one after the other: they arrive in the order of their commits
      .catch((err: unknown) => {
        log.warn({ err }, 'what was published could not be read');
        failAll();
      });
  };
  let listening: ReturnType<Listen> | undefined;
  const hear = () => {
    listening ??= listen(CHANNEL, { onMessage, onListening: failAll });
    return listening.catch((error: unknown) => {
      listening = undefined;
      throw error;
    });
  };
  const enter = (topic: string, subscriber: Subscriber) => {
    const those = subscribers.get(topic) ?? new Set();
    subscribers.set(topic, those.add(subscriber));
    return () => {
      those.delete(subscriber);
      if (those.size === 0) subscribers.delete(topic);
    };
  };

  const subscribe: Topics['subscribe'] = async (topic, until) => {
    await hear();
    return new Repeater(async (push, stop) => {
      let behind = 0;
      const queue = (payload: unknown) => {
        if (++behind > LONGEST_QUEUE) return stop(missedMessages());
        push(payload).finally(() => behind--);
      };
      const leave = enter(topic, { push: queue, fail: () => stop(missedMessages()) });
      const left = new AbortController();
      until(left.signal).then(() => stop(), stop);
      await stop;
      left.abort();
      leave();
    });
  };
  return { subscribe, stop: async () => (await listening)?.() };
}
