import { type EventType, eventTypes, type Feature, type Hooks } from 'graphql-token-auth';

/** What a hook was told, in short. */
export type Heard = { readonly type: EventType; readonly username: string; readonly by: string | null; readonly rest: object };

/** A feature that hears everything, and may object to it. */
export function createWatcher() {
  const heard: Heard[] = [];
  let object: (type: EventType) => void = () => {};
  const hookFor = (type: EventType): Hooks => ({
    [type]: ({ user, actor, em, ...rest }: Parameters<NonNullable<Hooks['user.created']>>[0]) => {
      if (!em.isInTransaction()) throw new Error(`${type} is not in a transaction`);
      heard.push({ type, username: user.username, by: actor?.username ?? null, rest });
      object(type);
    },
  });
  const feature: Feature = { name: 'watcher', scopes: { reader: 'May read.' }, on: Object.assign({}, ...eventTypes.map(hookFor)) };
  return {
    feature,
    /** What was heard since it was asked the last time. */
    heard: () => heard.splice(0),
    /** Has this done whenever something happens, until `work` is done. */
    objecting: async <Result>(objection: (type: EventType) => void, work: () => Promise<Result>): Promise<Result> => {
      object = objection;
      return work().finally(() => {
        object = () => {};
      });
    },
  };
}
