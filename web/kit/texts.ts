import { de } from './texts.de.ts';
import { en, type Texts } from './texts.en.ts';

const languages: Readonly<Record<string, Texts>> = { en, de };

/** The first language of the browser that there is a file for. */
const language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in languages) ?? 'en';
document.documentElement.lang = language;

/** Every text of the pages. */
export const texts: Texts = languages[language] ?? en;

const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const number = new Intl.NumberFormat(language);

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** As in “3 hours ago” or “in 2 days”. @param date in ISO 8601 */
export function ago(date: string): string {
  const seconds = Math.round((Date.parse(date) - Date.now()) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? [];
  return unit && size ? relative.format(Math.trunc(seconds / size), unit) : relative.format(0, 'second');
}

/** As in “28 November 2026 at 05:20:00”. */
export const exactly = (date: string): string => exact.format(new Date(date));

/** As in “05:20”. */
export const timeOfDay = (date: string): string => short.format(new Date(date));

export const count = (value: number): string => number.format(value);
