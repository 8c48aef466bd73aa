import { availableParallelism } from 'node:os';
import { z } from 'zod';

const given = z.string().regex(/^([1-9]\d{0,2}|auto)$/, { error: 'must be a whole number from 1 to 999, or auto', abort: true });

/** How many processes serve; `auto`: one a core. */
export const workers = given.transform((text) => (text === 'auto' ? availableParallelism() : Number(text)));

/** `auto` is refused as well, so that a setting does not work on small machines only. */
export const oneWorker = given
  .refine((text) => text === '1', 'must be 1 with the embedded database, which has room for one process; set DATABASE_URL for more')
  .transform(Number);
