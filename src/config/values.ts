import { z } from 'zod';
import { readPostgresUrl } from './postgres-url.ts';

/** Not z.coerce: JavaScript reads "0x50", "1e3" and even " " as numbers. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds in a duration like 30d, 12h, 10m or 45s. */
export const secondsOf = (text: string): number => Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 1);

/** A duration in seconds; null for 0, which means never or for ever. */
export const duration = z
  .string()
  .refine((text) => /^(0|[1-9]\d{0,5}[smhd])$/.test(text), 'must be a duration like 30d, 12h, 10m or 45s, or 0 for no limit')
  .transform((text) => (text === '0' ? null : secondsOf(text)));

/** A duration for a timer. Beyond 24 days, Node would not wait at all, and PostgreSQL would refuse the timeout. */
export const wait = duration.refine((seconds) => (seconds ?? 0) <= 86_400, 'must be at most 1d');

/** A duration in seconds that may be 0. */
export const pause = wait.transform((seconds) => seconds ?? 0);

/** A duration in seconds, at least 1. */
export const seconds = z
  .string()
  .regex(/^[1-9]\d{0,3}[smh]$/, 'must be a duration like 75s or 2m')
  .transform(secondsOf);

/** `true` or `false`, or a synonym such as `yes` or `off`. */
export const flag = z.stringbool({ error: 'must be true or false' });

function problemOfUrl(url: string): string | null {
  const read = readPostgresUrl(url);
  return 'problem' in read ? read.problem : null;
}

/** The URL of a PostgreSQL database. */
export const postgresUrl = z.string().superRefine((url, { addIssue }) => {
  const problem = problemOfUrl(url);
  if (problem) addIssue(problem);
});

/** Several URLs; a comma inside one is written %2C. */
export const postgresUrls = z
  .string()
  .transform((list) => list.split(',').map((url) => url.trim()))
  .superRefine((list, { addIssue }) => {
    const problem = list.map(problemOfUrl).find(Boolean);
    if (problem) addIssue(`must be URLs like postgres://user:password@host:5432/database, separated by commas; one of them ${problem}`);
  });

/** The distinct hosts of URLs. @param urls texts that are not URLs are skipped */
export const hostsOf = (urls: readonly (string | undefined)[]): string[] => [
  ...new Set(urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).hostname] : []))),
];

const LONGEST_SHOWN = 80; // characters

/** The value of these may be a password, if the operator has confused variables. */
const mayBeSecret = /^(DATABASE_(DIRECT_|READ_)?URLS?|SMTP_URL|WEBHOOK_(URL|SECRET)|OTEL_EXPORTER_OTLP_ENDPOINT)$/;
const urlShape = /^([a-z][a-z\d+.-]*:\/\/)[^,\s]*$/i;

/** A value for a message: quoted, with secrets masked, and shortened. @param name the name of its variable */
export function shownValue(name: string, value: string): string {
  if (mayBeSecret.test(name) && !urlShape.test(value)) return '***';
  const masked = value.replace(/:\/\/[^\s]*@/g, '://***@');
  return JSON.stringify(shorten(mayBeSecret.test(name) ? masked.replace(/[?#].*$/s, '?***') : masked));
}

const shorten = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
