import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import { Pool } from 'pg';
import { answer, queryOf, serve } from './serve.ts';

/**
 * better-auth's own way to know who asks: `getSession` with the request's headers. Its cookie cache stays off: with it a session
 * that was ended goes on being accepted until the cache runs out, which none of the others allows.
 */
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const options = {
  database: pool,
  secret: 'a-secret-for-the-benchmark-0123456789',
  baseURL: 'http://127.0.0.1',
  emailAndPassword: { enabled: true },
  advanced: { database: { joins: true } }, // session and user in one query
  telemetry: { enabled: false },
  experimental: { instrumentation: { enabled: false } },
};
const auth = betterAuth(options);
const { runMigrations } = await getMigrations(options);
await runMigrations();
await pool.query(
  `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
   select n, 'user-' || n, 'user-' || n || '@example.com', true, now(), now() from generate_series(0, $1::int - 1) n`,
  [process.env.SEED],
);
await pool.query(
  `insert into session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
   select n, n, left(encode(sha256(convert_to('bench-' || n, 'UTF8')), 'hex'), 40), now() + interval '7 days', now(), now()
     from generate_series(0, $1::int - 1) n`,
  [process.env.SEED],
);
await pool.query('vacuum analyze');

serve(async (request, response) => {
  const query = await queryOf(request);
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  answer(response, session !== null && query === '{ hello }');
});
