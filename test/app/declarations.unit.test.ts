import { p } from '@mikro-orm/core';
import { type App, builder, defineApp } from 'graphql-token-auth';
import { describe, expect, it } from 'vitest';
import { buildSchema, checkGuards } from '../../src/graphql/schema.ts';

declare global {
  namespace GraphqlTokenAuth {
    interface Scopes {
      lonely: true;
    }
  }
}

const column = { column: p.string().default(''), description: 'A column.', read: 'oneself' } as const;
const scopes = (...names: string[]): App => ({ features: names.map((name) => ({ name: 'feature', scopes: { [name]: 'May.' } })) });
const letter = (name: string): App => ({ features: [{ name: 'feature', letters: { [name]: () => ({ subject: '', paragraphs: [] }) } }] });
const users = (name: string, own: object): App => ({ features: [{ name: 'feature', user: { [name]: { ...column, ...own } } }] });

it('a field that needs a scope which no feature declares stops the start', () => {
  builder.queryField('orphan', (t) =>
    t.withAuth({ lonely: true }).string({ description: 'An orphan.', nullable: true, resolve: () => '' }),
  );
  const schema = buildSchema();
  expect(() => checkGuards(schema, { editor: 'May edit.' })).toThrow('Query.orphan needs the scope "lonely", which no feature declares.');
  expect(() => checkGuards(schema, { lonely: 'May be alone.' })).not.toThrow();
});

describe('defineApp', () => {
  it.each([
    { what: 'a scope that is built in', app: scopes('staff'), message: 'The scope "staff" is the server\'s own. Choose another name.' },
    { what: 'a scope with a blank', app: scopes('may edit'), message: 'The scope "may edit" needs a name like "editor" or "posts:write".' },
    { what: 'a scope that two features declare', app: scopes('editor', 'editor'), message: 'The scope "editor" is declared twice.' },
    {
      what: 'a hook for what does not happen',
      app: { features: [{ name: 'feature', on: Object.fromEntries([['user.craeted', () => {}]]) }] },
      message: 'The feature "feature" listens to "user.craeted", which does not happen.',
    },
    {
      what: 'two listeners of one name',
      app: { features: ['twin', 'twin'].map((name) => ({ name, after: { 'user.created': () => {} } })) },
      message: 'Two features called "twin" have "after": give each a name of its own.',
    },
    { what: 'a column that the server has', app: users('email', {}), message: 'The user column "email" exists already.' },
    {
      what: 'a column spelled as in the table',
      app: users('is_staff', {}),
      message: 'The user column "is_staff" needs a name like "displayName".',
    },
    {
      what: 'a column that existing accounts have no value for',
      app: users('phone', { column: p.string() }),
      message: 'The user column "phone" needs a default, or has to be nullable: other accounts have no value for it.',
    },
    {
      what: 'a column that the API cannot show',
      app: users('data', { column: p.json().nullable() }),
      message: 'The user column "data" has a type that the API cannot show: take a text, an integer, a double, a boolean or a datetime.',
    },
    { what: 'a limit out of its range', app: { limits: { page: 5000 } }, message: 'limits.page must be a whole number from 10 to 1000.' },
    { what: 'a limit that is no number', app: { limits: { depth: 14.5 } }, message: 'limits.depth must be a whole number from 13 to 50.' },
    { what: 'a letter that is never sent', app: letter('WELCOME'), message: 'There is no letter "WELCOME". There are: PASSWORD_RESET,' },
  ])('refuses $what in one sentence', ({ app, message }) => {
    expect(() => defineApp(app)).toThrow(message);
  });

  it('refuses a column that two features declare', () => {
    const feature = { name: 'feature', user: { mood: column } };
    expect(() => defineApp({ features: [feature, feature] })).toThrow('The user column "mood" exists already.');
  });
});
