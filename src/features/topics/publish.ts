import { TransactionContext } from '@mikro-orm/core';
import { type EntityManager, SqlEntityManager } from '@mikro-orm/sql';
import type { Topic } from '../../shared/feature.ts';

/** The channel of all topics. */
export const CHANNEL = 'published';

/** What goes through the channel: the payload, or the id of the row that has it. */
export type Message = { readonly topic: string; readonly payload?: unknown } | { readonly topic: string; readonly row: string };

const LONGEST_TOPIC = 200; // characters
const LONGEST_PAYLOAD = 1_000_000; // characters of JSON

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_NOTICE = 7999;

/**
 * Publishes a payload, as JSON, to all subscribers on all nodes. Inside a transaction it is heard after the commit, and not at all if that fails.
 * @throws Error for a payload that has no JSON or too much of it
 */
export async function publish<Name extends Topic>(em: EntityManager, name: Name, payload: GraphqlTokenAuth.Topics[Name]): Promise<void> {
  const topic: string = name;
  if (topic.length > LONGEST_TOPIC) throw new Error(`A topic may have at most ${LONGEST_TOPIC} characters.`);
  const json = JSON.stringify(payload);
  if (json === undefined) throw new Error(`What is published to ${topic} cannot be written as JSON.`);
  if (json.length > LONGEST_PAYLOAD) throw new Error(`What is published to ${topic} is longer than ${LONGEST_PAYLOAD} characters.`);
  const notice = `{"topic":${JSON.stringify(topic)},"payload":${json}}`;
  const here = transactionAround(em);
  if (Buffer.byteLength(notice) <= MAX_NOTICE) await here.execute('select pg_notify(?, ?)', [CHANNEL, notice]);
  else await here.execute(BY_REFERENCE, [json, CHANNEL, topic]);
}

const BY_REFERENCE = `
  with kept as (insert into published_payloads (payload) values (?) returning id)
  select pg_notify(?, json_build_object('topic', ?::text, 'row', id::text)::text) from kept`;

/** The transaction that the caller is in, even if it was begun elsewhere. */
function transactionAround(em: EntityManager): EntityManager {
  const current = TransactionContext.getEntityManager(em.name);
  return current instanceof SqlEntityManager && current.isInTransaction() ? current : em;
}

/** What a row holds; undefined when it was swept. */
export async function findPayload(em: EntityManager, row: string): Promise<unknown> {
  const [found] = await em.execute<{ payload: string }[]>('select payload from published_payloads where id = ?', [row]);
  return found && JSON.parse(found.payload);
}

/** Deletes at most `limit` payloads that all nodes have had time to read. Returns how many. */
export async function sweepPayloads(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    `delete from published_payloads where id in (
       select id from published_payloads where published_at < now() - interval '10 minutes' limit ? for update skip locked
     ) returning 1`,
    [limit],
  );
  return rows.length;
}
