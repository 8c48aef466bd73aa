import { EntityRepository } from '@mikro-orm/sql';
import { unauthenticated } from '../errors.ts';
import type { Note } from './note.entity.ts';

export class NoteRepository extends EntityRepository<Note> {
  /** A person's notes, the latest first. @param after only those before this id */
  latest(userId: number, { after, limit }: { after: string | null; limit: number }): Promise<Note[]> {
    return this.find({ user: userId, ...(after && { id: { $lt: after } }) }, { orderBy: { id: 'desc' }, limit });
  }

  /** Stores at once. @throws what a token of nobody gets, when the account was deleted since the token was read */
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
