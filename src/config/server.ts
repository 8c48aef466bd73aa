import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { pause, seconds, wait, wholeNumber } from './values.ts';
import { documentation } from './variable.ts';

const workersText = z.string().regex(/^([1-9]\d{0,2}|auto)$/, { error: 'must be a whole number from 1 to 999, or auto', abort: true });

const workers = workersText.transform((text) => (text === 'auto' ? availableParallelism() : Number(text)));

/** For the embedded database. `auto` is refused as well, so that a setting does not work on small machines only. */
export const oneWorker = workersText
  .refine((text) => text === '1', 'must be 1 with the embedded database, which only one process can open; set DATABASE_URL to run more')
  .transform(Number);

/** The variables about the processes that serve and their connections to clients. */
export const serverVariables = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .prefault('development')
    .register(documentation, {
      what: 'The stage: `development`, `test` or `production`.',
      more: 'In production, some defaults differ and unsafe values are refused.',
    }),
  HOST: z.string().prefault('127.0.0.1').register(documentation, { what: 'The address to listen on.', inProduction: '0.0.0.0' }),
  PORT: wholeNumber(0, 65535).prefault('4000').register(documentation, { what: 'The port to listen on; `0` lets the system choose one.' }),
  WORKERS: workers.prefault('1').register(documentation, {
    what: 'How many processes serve requests; `auto` starts one per core. More than 1 needs PostgreSQL.',
  }),
  REQUEST_TIMEOUT: wait.prefault('30s').register(documentation, {
    what: 'How long a client may take to send a request, and how long it may read nothing of the answer; `0` means for ever.',
  }),
  KEEP_ALIVE: seconds.prefault('75s').register(documentation, {
    what: 'How long an idle connection stays open. The proxy in front of the server must close its connections sooner.',
    more: 'See [operations.md](operations.md).',
  }),
  SHUTDOWN_DELAY: pause.prefault('0').register(documentation, {
    what: 'How long `/readyz` answers 503 after SIGTERM before the server stops listening.',
    inProduction: '5s',
    example: '5s',
  }),
  SUBSCRIPTIONS_PER_TOKEN: wholeNumber(1, 1000).prefault('10').register(documentation, {
    what: 'How many subscriptions a token may have open at once in each process.',
  }),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 1_000_000).prefault('1000').register(documentation, {
    what: 'How many subscriptions may be open at once in each process.',
  }),
};
