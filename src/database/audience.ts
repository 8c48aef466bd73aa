import type { EventSubscriber } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { EventType, Feature, Hooks } from '../shared/feature.ts';

/** Which features listen to what. It is one of MikroORM's subscribers, so that every EntityManager of a database leads to it. */
export class Audience implements EventSubscriber {
  readonly #features: readonly Feature[];

  constructor(features: readonly Feature[]) {
    this.#features = features;
  }

  getSubscribedEntities(): [] {
    return [];
  }

  /** The hooks of an event, in the order of the features. */
  hooksOf<Type extends EventType>(type: Type): NonNullable<Hooks[Type]>[] {
    return this.#features.flatMap(({ on }) => on?.[type] ?? []);
  }

  /** The names of the features that want to be told of an event after the commit. */
  listenersTo(type: EventType): string[] {
    return this.#features.filter(({ after }) => after?.[type] !== undefined).map(({ name }) => name);
  }
}

/** For MikroORM's configuration. Empty where no feature listens: then an event costs nothing. */
export const audienceOf = (features: readonly Feature[]): Audience[] =>
  features.some(({ on, after }) => on ?? after) ? [new Audience(features)] : [];

/** Who listens; undefined: no feature does. */
export function audienceIn(em: EntityManager): Audience | undefined {
  for (const subscriber of em.config.get('subscribers')) if (subscriber instanceof Audience) return subscriber;
  return undefined;
}
