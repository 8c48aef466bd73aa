import { defineEntity, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { blank, type Problem, problemsOfText, User, unauthenticated } from 'graphql-token-auth';

/** Characters. */
const MAX_LENGTH = 1000;

export class NoteRepository extends EntityRepository<Note> {
  /** A person's notes, the latest first. @param after only those before this id */
  latest(userId: number, { after, limit }: { after: string | null; limit: number }): Promise<Note[]> {
    return this.find({ user: userId, ...(after && { id: { $lt: after } }) }, { orderBy: { id: 'desc' }, limit });
  }

  /** Stores at once. @throws UNAUTHENTICATED when the account was deleted since the token was read */
  async add(userId: number, text: string): Promise<Note> {
    const [row] = await this.em.execute(
      `insert into notes (user_id, text) select id, ? from users where id = ? for key share
       returning id::text, user_id, text, created_at`,
      [text, userId],
    );
    if (!row) throw unauthenticated('unknown');
    return this.map(row);
  }
}

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'notes',
  repository: () => NoteRepository,
  indexes: [{ properties: ['user', 'id'] }],
  properties: {
    id: p.bigint('string').primary(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    text: p.string().length(MAX_LENGTH),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** A text that a person wants to remember. */
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

/** What keeps a text from being a note. */
export const problemsOfNote = (text: string): Problem[] => (text.trim() === '' ? [blank] : problemsOfText(text, MAX_LENGTH));
