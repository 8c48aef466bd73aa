import escapeHtml from 'validator/lib/escape.js';
import type { LabelledLink, Letter } from './letters.ts';

/** A letter as the two parts of a mail. Everything in the HTML is escaped, the fixed sentences with it. */
export const renderLetter = ({ subject, paragraphs, links = [] }: Letter): { subject: string; text: string; html: string } => ({
  subject,
  text: `${[...paragraphs, ...links.map(links.length > 1 ? labelled : urlOf)].join('\n\n')}\n`,
  html: page([...paragraphs.map(escaped), ...links.map(anchor)]),
});

const escaped = (text: string): string => escapeHtml.default(text);

const urlOf = ({ url }: LabelledLink): string => url;

const labelled = ({ label, url }: LabelledLink): string => `${label}:\n${url}`;

const anchor = ({ label, url }: LabelledLink): string => `<a href="${escaped(url)}">${escaped(label)}</a><br>${escaped(url)}`;

const page = (paragraphs: readonly string[]): string =>
  `<!doctype html>\n<html><body>\n${paragraphs.map((paragraph) => `<p>${paragraph}</p>\n`).join('')}</body></html>\n`;
