import {
  builder,
  connectionType,
  MutationPayload,
  notFound,
  ok,
  onField,
  type Payload,
  PublicUserType,
  pageArgs,
  pageById,
  statuses,
} from 'graphql-token-auth';
import { PostType } from '../posts/post.graphql.ts';
import { problemsOf } from '../posts/post.ts';
import { Comment } from './comment.ts';

const CommentType = builder.objectRef<Comment>('Comment').implement({
  description: 'What a reader has to say to a post.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Larger for later comments.' }),
    text: t.exposeString('text', { description: 'What it says.' }),
    author: t.field({ type: PublicUserType, description: 'Who wrote it.', resolve: ({ author }) => author }),
  }),
});

const CommentConnection = connectionType('Comment', CommentType);

builder.objectField(PostType, 'comments', (t) =>
  t.field({
    description: 'The comments, the latest first.',
    type: CommentConnection,
    args: pageArgs,
    resolve: ({ id }, args, { deps }) => pageById(args, (page) => deps().em.getRepository(Comment).latest(id, page)),
  }),
);

const AddCommentPayload = builder.objectRef<Payload & { readonly comment?: Comment }>('AddCommentPayload').implement({
  description: 'The outcome of addComment.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    comment: t.expose('comment', { type: CommentType, nullable: true, description: 'The comment; null after a failure.' }),
  }),
});

builder.mutationField('addComment', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Says something to a post.',
    type: AddCommentPayload,
    nullable: true,
    typeOptions: { description: 'A new comment.' },
    argOptions: { description: 'The comment.' },
    input: {
      postId: t.input.id({ description: 'The post.' }),
      text: t.input.string({ description: 'What to say; at most 2000 characters, not blank.' }),
    },
    resolve: async (_root, { input: { postId, text } }, { deps, viewer }) => {
      const errors = onField('text', problemsOf(text, 2000));
      if (errors.length > 0) return { status: statuses.invalidInput, errors };
      const comment = /^\d{1,18}$/.test(postId) ? await deps().em.getRepository(Comment).add(viewer.userId, postId, text) : null;
      return comment ? { status: ok('Comment added'), comment } : { status: notFound('Post not found') };
    },
  }),
);
