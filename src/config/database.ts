import { z } from 'zod';
import { flag, pause, postgresUrl, postgresUrls, wait, wholeNumber } from './values.ts';
import { documentation } from './variable.ts';

/** The variables about where data is kept. */
export const databaseVariables = {
  DATABASE_URL: postgresUrl.optional().register(documentation, {
    what: 'The PostgreSQL database, encoded in UTF8. Unset, the server keeps its data in an embedded database in `DATA_DIR`.',
    more: 'The form is `postgres://user:password@host:5432/database`. `?sslmode=verify-full&sslrootcert=<file>` encrypts the connection and verifies the server, as `require` does; `no-verify` only encrypts. `?host=/var/run/postgresql` names a Unix socket.',
    example: 'postgres://user:password@localhost:5432/graphql_token_auth',
    otherwise: 'the embedded database',
  }),
  DATABASE_DIRECT_URL: postgresUrl.optional().register(documentation, {
    what: 'The same database without PgBouncer in between, for LISTEN, migrations and `npm run manage`.',
    more: 'See [scaling.md](scaling.md).',
    example: 'postgres://user:password@localhost:5432/graphql_token_auth',
    otherwise: '`DATABASE_URL`',
  }),
  DATABASE_READ_URLS: postgresUrls.default([]).register(documentation, {
    what: 'Streaming replicas, separated by commas, that answer `users`, `user`, `userSecurityEvents` and `securityEvents`.',
    more: 'What they show lags behind the primary. See [scaling.md](scaling.md).',
    example: 'postgres://user:password@replica:5432/graphql_token_auth',
    otherwise: 'none',
  }),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).prefault('10').register(documentation, {
    what: 'How many connections to PostgreSQL each worker opens at most, and how many to each replica.',
    more: 'A worker opens one more while a client subscribes to `tokenRevoked`.',
  }),
  DATABASE_TIMEOUT: wait.prefault('10s').register(documentation, {
    what: 'How long a request waits while PostgreSQL does not answer; `0` means for ever.',
    more: 'One statement may take half of it.',
  }),
  DATABASE_WAIT: pause.prefault('30s').register(documentation, { what: 'How long a starting server waits for PostgreSQL.' }),
  DATA_DIR: z.string().prefault('./data').register(documentation, {
    what: 'The folder of the embedded database. One process can open it at a time.',
    more: 'The server makes the folder and its files accessible to their owner only (0700 and 0600), even if they existed before.',
  }),
  AUTO_MIGRATE: flag.optional().register(documentation, {
    what: 'Whether the server migrates the database when it starts. If not, it refuses to start until the database is migrated.',
    example: 'true',
    otherwise: '`true` for the embedded database, `false` for PostgreSQL',
  }),
};
