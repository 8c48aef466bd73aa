import { p } from '@mikro-orm/core';
import { builder, defineApp } from 'graphql-token-auth';

declare global {
  namespace GraphqlTokenAuth {
    interface Scopes {
      reviewer: true;
      'posts:write': true;
    }
    interface UserColumns {
      nickname: string;
      handle: string | null;
      age: number | null;
      score: number;
      isMember: boolean;
      bornAt: Date | null;
      risk: string;
      note: string;
    }
  }
}

builder.queryField('reviews', (t) =>
  t
    .withAuth({ reviewer: true })
    .string({ description: 'For reviewers.', nullable: true, resolve: (_root, _args, { viewer }) => `${viewer.userId}` }),
);
builder.queryField('drafts', (t) =>
  t.withAuth({ 'posts:write': true, staff: true }).string({ description: 'For staff who write.', nullable: true, resolve: () => 'drafts' }),
);

/** An app with a column of every kind, each read and written in another way. */
export const members = defineApp({
  migrations: new URL('./migrations/', import.meta.url),
  scopes: { reviewer: 'May review.', 'posts:write': 'May write.' },
  user: {
    nickname: { column: p.string().length(20).default(''), description: 'A nickname.', register: true, update: true, read: 'anybody' },
    handle: { column: p.string().length(20).nullable().unique(), description: 'A handle.', register: true, update: true, read: 'anybody' },
    age: {
      column: p.integer().nullable(),
      description: 'An age.',
      register: true,
      update: true,
      read: 'oneself',
      problemsOf: (age) => (age !== null && age < 13 ? [{ code: 'INVALID', message: 'You are too young.' }] : []),
    },
    score: { column: p.double().$type<number>().default(0), description: 'A score.', update: true, read: 'oneself' },
    isMember: { column: p.boolean().default(false), description: 'Whether it is a member.', register: true, read: 'oneself' },
    bornAt: { column: p.datetime().nullable(), description: 'A time of birth.', update: true, read: 'oneself' },
    risk: { column: p.string().length(20).default('low'), description: 'A risk.', read: 'staff' },
    note: { column: p.text().default(''), description: 'A note.', update: true, read: 'oneself' },
  },
});
