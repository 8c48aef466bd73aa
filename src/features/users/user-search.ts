import { type RawBuilder, sql } from 'kysely';

/** SQL for what a search compares, by the name of its index in `users_search_…_index`, which has text_pattern_ops to find beginnings. */
export const searchedTexts = {
  username: 'fold_case(username)',
  email: 'fold_case(email)',
  full_name: "fold_case(first_name || ' ' || last_name)",
  last_name: 'fold_case(last_name)',
} as const;

/** Characters: no email address is longer. */
export const SEARCH_MAX_LENGTH = 254;

/** Matches that are put in order at most: every search stays as cheap as a page. */
export const MAX_MATCHES = 5000;

/**
 * The users whose username, email address, full or last name begins with a text, regardless of case; MAX_MATCHES + 1 rows mean that there are
 * more. Each part is read in the order of its index, so that PostgreSQL can stop early.
 */
export function userSearch(text: string): RawBuilder<{ id: number }> {
  const pattern = `${text.replace(/[\\%_]/g, '\\$&')}%`;
  const matches = Object.values(searchedTexts).map((searched) => {
    const value = sql.raw(searched);
    return sql`(select id from users where ${value} like fold_case(${pattern}) order by ${value} using ~<~ limit ${MAX_MATCHES + 1})`;
  });
  return sql`select id from (${sql.join(matches, sql` union all `)}) matches limit ${MAX_MATCHES + 1}`;
}
