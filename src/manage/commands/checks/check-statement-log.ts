import type { SqlMikroORM } from '@mikro-orm/sql';
import type { Finding } from './finding.ts';

/** Whether PostgreSQL logs statements with their parameters: hashes, digests of keys and addresses are among those, and nowhere else. */
export async function checkStatementLog({ em }: SqlMikroORM): Promise<Finding[]> {
  const [row] = await em.fork().execute<{ isLogged: boolean }[]>(`
    select current_setting('log_parameter_max_length') <> '0'
           and (current_setting('log_statement') in ('mod', 'all') or current_setting('log_min_duration_statement') <> '-1'
                or current_setting('log_min_duration_sample') <> '-1'
                or current_setting('log_transaction_sample_rate')::float8 > 0) as "isLogged"`);
  if (!row?.isLogged) return [];
  const message = 'PostgreSQL logs statements together with their parameters: password hashes, digests of keys and addresses.';
  return [{ area: 'database', status: 'warning', message, advice: 'Set log_parameter_max_length = 0 there.' }];
}
