import {
  builder,
  connectionType,
  MutationPayload,
  ok,
  type Payload,
  PublicUserType,
  pageArgs,
  pageById,
  statuses,
} from 'graphql-token-auth';
import { errorsOfPost, Post } from './post.ts';

export const PostType = builder.objectRef<Post>('Post').implement({
  description: 'Something to read.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Larger for later posts.' }),
    title: t.exposeString('title', { description: 'The headline.' }),
    text: t.exposeString('text', { description: 'What it says.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was published.' }),
    author: t.field({ type: PublicUserType, description: 'Who wrote it.', resolve: ({ author }) => author }),
  }),
});

const PostConnection = connectionType('Post', PostType);

builder.queryField('posts', (t) =>
  t.field({
    description: 'All posts, the latest first.',
    type: PostConnection,
    authScopes: { public: true },
    args: pageArgs,
    resolve: (_root, args, { deps }) => pageById(args, (page) => deps().em.getRepository(Post).latest(page)),
  }),
);

const PublishPostPayload = builder.objectRef<Payload & { readonly post?: Post }>('PublishPostPayload').implement({
  description: 'The outcome of publishPost.',
  interfaces: [MutationPayload],
  fields: (t) => ({ post: t.expose('post', { type: PostType, nullable: true, description: 'The post; null after a failure.' }) }),
});

builder.mutationField('publishPost', (t) =>
  t.withAuth({ editor: true }).fieldWithInput({
    description: 'Publishes a post. Only for editors.',
    type: PublishPostPayload,
    nullable: true,
    typeOptions: { description: 'A new post.' },
    argOptions: { description: 'The post.' },
    input: {
      title: t.input.string({ description: 'The headline; at most 200 characters, not blank.' }),
      text: t.input.string({ description: 'What it says; at most 100000 characters, not blank.' }),
    },
    resolve: async (_root, { input }, { deps, publish, viewer }) => {
      const errors = errorsOfPost(input);
      if (errors.length > 0) return { status: statuses.invalidInput, errors };
      const post = await deps().em.getRepository(Post).add(viewer.userId, input);
      await publish('post.published', { id: post.id });
      return { status: ok('Post published'), post };
    },
  }),
);

builder.subscriptionField('postPublished', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Each post when it is published, on any node.',
    type: PostType,
    nullable: true,
    subscribe: (_root, _args, { subscribe }) => subscribe('post.published'),
    resolve: ({ id }, _args, { deps }) =>
      deps()
        .em.fork()
        .findOne(Post, id, { populate: ['author'] }),
  }),
);
