import type { EntityManager, SqlMikroORM } from '@mikro-orm/sql';
import type { Finding } from './finding.ts';

/** A sequence and the column that takes its numbers; names are quoted where SQL wants it. */
type Sequence = {
  readonly sequence: string;
  readonly table: string;
  readonly column: string;
  readonly last: string;
  readonly limit: string;
};

/** Those of the tables that are beside `users`; none before the first migration. */
const sequences = `
  select s.oid::regclass::text as sequence, t.oid::regclass::text as "table", quote_ident(a.attname) as "column",
         coalesce(pg_sequence_last_value(s.oid), 0)::text as last,
         (case a.atttypid when 'int'::regtype then 2147483647 else 9223372036854775807 end)::text as "limit"
    from pg_class s
    join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_class t on t.oid = d.refobjid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
   where s.relkind = 'S' and t.relnamespace = (select relnamespace from pg_class where oid = to_regclass('users'))`;

/** Which part of a column's numbers may be used up before it is worth a word. */
const NEAR_ITS_END = 0.8;

/** Whether the next number of each sequence is free, and how many there are left: an import by hand forgets to move them. */
export async function checkSequences({ em }: SqlMikroORM): Promise<Finding[]> {
  const fork = em.fork();
  const found = await fork.execute<Sequence[]>(sequences);
  const findings: Finding[] = [];
  for (const sequence of found) findings.push(...(await checkSequence(fork, sequence)));
  if (found.length > 0 && findings.length === 0) findings.push({ area: 'database', status: 'ok', message: 'The next ids are free.' });
  return findings;
}

async function checkSequence(em: EntityManager, { sequence, table, column, last, limit }: Sequence): Promise<Finding[]> {
  const [row] = await em.execute<{ highest: string }[]>(`select coalesce(max(${column}), 0)::text as highest from ${table}`);
  const highest = BigInt(row?.highest ?? 0);
  if (highest > BigInt(last)) {
    const message = `The sequence ${sequence} is behind: its last number is ${last}, and ${table} has the ${column} ${highest}.`;
    return [{ area: 'database', status: 'error', message, advice: `Run: select setval('${sequence}', ${highest})` }];
  }
  const share = Number(last) / Number(limit);
  if (share < NEAR_ITS_END) return [];
  const message = `${Math.floor(share * 100)} % of the numbers of ${sequence} are used: at ${limit} no row can be added to ${table}.`;
  return [{ area: 'database', status: 'warning', message, advice: 'Ids beyond that need a wider column; plan it in time.' }];
}
