import { z } from 'zod';
import { readPostgresUrl } from './postgres-url.ts';

/** Not z.coerce: JavaScript takes "0x50", "1e3" and even " " for numbers. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds in a duration like 30d, 12h, 10m or 45s. */
export const secondsOf = (text: string): number => Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 1);

/** In seconds; null for 0, which means never. */
export const duration = z
  .string()
  .refine((text) => /^(0|[1-9]\d{0,5}[smhd])$/.test(text), 'must be a duration like 30d, 12h, 10m or 45s, or 0 for never')
  .transform((text) => (text === '0' ? null : secondsOf(text)));

/** The same for what a timer waits: beyond 24 days Node would wait no time at all, and PostgreSQL takes no such timeout. */
export const wait = duration.refine((seconds) => (seconds ?? 0) <= 86_400, 'must be at most 1d');

/** In seconds; 0 for none. */
export const pause = wait.transform((seconds) => seconds ?? 0);

/** In seconds; not 0. */
export const seconds = z
  .string()
  .regex(/^[1-9]\d{0,3}[smh]$/, 'must be a duration like 75s or 2m')
  .transform(secondsOf);

/** `true`, `false` and the other words for them. */
export const flag = z.stringbool({ error: 'must be true or false' });

function problemOfUrl(url: string): string | null {
  const read = readPostgresUrl(url);
  return 'problem' in read ? read.problem : null;
}

/** A PostgreSQL server and a database on it. */
export const postgresUrl = z.string().superRefine((url, { addIssue }) => {
  const problem = problemOfUrl(url);
  if (problem) addIssue(problem);
});

/** Several of them; a comma inside one is written %2C. */
export const postgresUrls = z
  .string()
  .transform((list) => list.split(',').map((url) => url.trim()))
  .superRefine((list, { addIssue }) => {
    const problem = list.map(problemOfUrl).find(Boolean);
    if (problem) addIssue(`must be URLs like postgres://user:password@host:5432/database, separated by commas; one of them ${problem}`);
  });

/** The hosts of URLs, each once. @param urls what is no URL is passed over */
export const hostsOf = (urls: readonly (string | undefined)[]): string[] => [
  ...new Set(urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).hostname] : []))),
];
