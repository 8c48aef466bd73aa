import escapeHtml from 'validator/lib/escape.js';
import type { Letter } from './letters.ts';

/** A letter as the two parts of a mail. Everything in the HTML is escaped, the fixed sentences with it. */
export const renderLetter = ({ subject, paragraphs, link }: Letter): { subject: string; text: string; html: string } => ({
  subject,
  text: `${[...paragraphs, ...(link ? [link.url] : [])].join('\n\n')}\n`,
  html: page([...paragraphs.map(escaped), ...(link ? [anchor(link)] : [])]),
});

const escaped = (text: string): string => escapeHtml.default(text);

const anchor = ({ label, url }: { label: string; url: string }): string =>
  `<a href="${escaped(url)}">${escaped(label)}</a><br>${escaped(url)}`;

const page = (paragraphs: readonly string[]): string =>
  `<!doctype html>\n<html><body>\n${paragraphs.map((paragraph) => `<p>${paragraph}</p>\n`).join('')}</body></html>\n`;
