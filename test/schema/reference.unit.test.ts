import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reference } from '../../schema/reference.ts';
import '../../src/features.ts';
import { sdl } from '../../src/graphql/schema.ts';

it('docs/schema.md is what the code says; `npm run schema` prints it anew', () => {
  expect(readFileSync('docs/schema.md', 'utf8')).toBe(reference(sdl()));
});

it('a reference says of a field its type, guard, arguments, defaults, and when it goes', () => {
  const text = reference(`
    directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
    type Query {
      "Notes,\\nthe | latest first."
      notes("How many." first: Int! = 20): [Note!] @requiresScopes(scopes: [["staff", "author"], ["superuser"]]) @deprecated(reason: "Ask me.")
    }
    "What was written." type Note { "The text." text: String! }
  `);
  expect(text).toContain(
    '| **notes** | [`[Note!]`](#note) | staff and author or superuser | Deprecated: Ask me. Notes, the \\| latest first. |\n' +
      '| notes(first:) | [`Int!`](#int) = `20` |  | How many. |',
  );
  expect(text).toContain('### Note\n\nWhat was written.\n\n');
});

it('every link in it leads to a heading', () => {
  const text = reference(sdl());
  const headings = new Set([...text.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name.toLowerCase()));
  const links = [...text.matchAll(/\]\(#(\w+)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter((anchor) => !headings.has(anchor))).toEqual([]);
});
