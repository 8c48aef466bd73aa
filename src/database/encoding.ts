import type { SqlMikroORM } from '@mikro-orm/sql';
import { OperatorError } from '../shared/operator-error.ts';

/** @throws OperatorError unless the database can store every character that people may have in their names */
export async function requireUtf8({ em }: SqlMikroORM): Promise<void> {
  const [row] = await em.fork().execute("select current_setting('server_encoding') as encoding, current_database() as name");
  if (row?.encoding === 'UTF8') return;
  throw new OperatorError(
    `The database ${row?.name} is encoded in ${row?.encoding}, which cannot store every name. ` +
      `Make one with: create database ${row?.name}_utf8 encoding 'UTF8' template template0`,
    { code: 'DATABASE_UNUSABLE' },
  );
}
