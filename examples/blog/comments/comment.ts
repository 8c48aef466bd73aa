import { defineEntity, p } from '@mikro-orm/core';
import { EntityRepository } from '@mikro-orm/sql';
import { type Page, User } from 'graphql-token-auth';
import { Post } from '../posts/post.ts';

export class CommentRepository extends EntityRepository<Comment> {
  latest(postId: string, { after, limit }: Page): Promise<Comment[]> {
    const where = { post: postId, ...(after && { id: { $lt: after } }) };
    return this.find(where, { orderBy: { id: 'desc' }, limit, populate: ['author'] });
  }

  /** Stores at once. Null: the post, or the author's account, is gone. */
  async add(authorId: number, postId: string, text: string): Promise<Comment | null> {
    const [row] = await this.em.execute(
      `insert into comments (post_id, author_id, text)
       select posts.id, users.id, ? from posts, users where posts.id = ? and users.id = ? for key share
       returning id::text`,
      [text, postId, authorId],
    );
    return row ? this.findOneOrFail(row.id, { populate: ['author'] }) : null;
  }
}

const CommentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  repository: () => CommentRepository,
  indexes: [{ properties: ['post', 'id'] }],
  properties: {
    id: p.bigint('string').primary(),
    post: () => p.manyToOne(Post).deleteRule('cascade'),
    author: () => p.manyToOne(User).deleteRule('cascade').index(),
    text: p.string().length(2000),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** What a reader has to say to a post. */
export class Comment extends CommentSchema.class {}
CommentSchema.setClass(Comment);
