import { hash } from 'node:crypto';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

type Viewer = { readonly userId: number; readonly isActive: boolean; readonly isStaff: boolean; readonly isExpired: boolean };

/** A prepared statement per connection: pg parses and plans it once. */
const statement = {
  name: 'viewer',
  text: `select u.id as "userId", u.is_active as "isActive", u.is_staff as "isStaff", coalesce(t.expires_at <= now(), false) as "isExpired"
           from tokens t join users u on u.id = t.user_id
          where t.digest = $1`,
};

/** The owner of the token in an `Authorization: Token …` header, by one query per request; null if there is none. */
export async function findViewer(header: string | undefined): Promise<Viewer | null> {
  if (!header?.startsWith('Token ')) return null;
  const { rows } = await pool.query<Viewer>({ ...statement, values: [hash('sha256', header.slice(6))] });
  const [viewer] = rows;
  return viewer?.isActive && !viewer.isExpired ? viewer : null;
}
