import { defineEntity, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { blank, type FieldError, onField, type Page, type Problem, problemsOfText, User, unauthenticated } from 'graphql-token-auth';

export class PostRepository extends EntityRepository<Post> {
  latest({ after, limit }: Page): Promise<Post[]> {
    return this.find(after ? { id: { $lt: after } } : {}, { orderBy: { id: 'desc' }, limit, populate: ['author'] });
  }

  /** Stores at once. @throws UNAUTHENTICATED when the account was deleted since the token was read */
  async add(authorId: number, { title, text }: { title: string; text: string }): Promise<Post> {
    const [row] = await this.em.execute(
      `insert into posts (author_id, title, text) select id, ?, ? from users where id = ? for key share
       returning id::text`,
      [title, text, authorId],
    );
    if (!row) throw unauthenticated('unknown');
    return this.findOneOrFail(row.id, { populate: ['author'] });
  }
}

const PostSchema = defineEntity({
  name: 'Post',
  tableName: 'posts',
  repository: () => PostRepository,
  properties: {
    id: p.bigint('string').primary(),
    author: () => p.manyToOne(User).deleteRule('cascade').index(),
    title: p.string().length(200),
    text: p.text(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** Something to read. */
export class Post extends PostSchema.class {}
PostSchema.setClass(Post);

/** What keeps a text from being stored. @param max characters */
export const problemsOf = (text: string, max: number): Problem[] => (text.trim() === '' ? [blank] : problemsOfText(text, max));

/** What keeps an input from being a post. */
export const errorsOfPost = ({ title, text }: { title: string; text: string }): FieldError[] => [
  ...onField('title', problemsOf(title, 200)),
  ...onField('text', problemsOf(text, 100_000)),
];
