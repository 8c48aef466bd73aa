import { randomUUID } from 'node:crypto';
import { Utils, wrap } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { audienceIn } from '../../database/audience.ts';
import type { EventType } from '../../shared/feature.ts';
import { Delivery } from './delivery.ts';

/**
 * Says, in the caller's transaction, that something happens: hooks run at once, and what is to be told after the commit is queued.
 * Without listeners it does nothing. The caller flushes.
 * @throws what a hook throws: the transaction must not commit then
 */
export async function announce<Type extends EventType>(em: EntityManager, type: Type, facts: GraphqlTokenAuth.Events[Type]): Promise<void> {
  const audience = audienceIn(em);
  if (!audience) return;
  const hooks = audience.hooksOf(type);
  const listeners = audience.listenersTo(type);
  if (hooks.length + listeners.length === 0) return;
  await load(Object.values(facts));
  for (const hook of hooks) await hook({ ...facts, em });
  const event = { eventId: randomUUID(), type, data: told(facts) };
  for (const listener of listeners) em.create(Delivery, { ...event, listener });
}

/** A reference stands for a user of whom only the id was known. */
async function load(values: readonly unknown[]): Promise<void> {
  for (const value of values) if (Utils.isEntity(value) && !wrap(value).isInitialized()) await wrap(value).init();
}

/** What is kept of the facts: of users, their id and username. */
const told = (facts: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, isNamed(value) ? { id: value.id, username: value.username } : value]),
  );

const isNamed = (value: unknown): value is { id: unknown; username: unknown } =>
  typeof value === 'object' && value !== null && 'username' in value && 'id' in value;
