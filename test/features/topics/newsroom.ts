import { builder, type Feature, ok, plainPayload, publish } from 'graphql-token-auth';

declare global {
  namespace GraphqlTokenAuth {
    interface Topics {
      news: { text: string };
      [room: `room:${string}`]: string;
    }
  }
}

const News = builder.objectRef<GraphqlTokenAuth.Topics['news']>('News').implement({
  description: 'News.',
  fields: (t) => ({ text: t.exposeString('text', { description: 'What it says.' }) }),
});

builder.subscriptionField('news', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'The news.',
    type: News,
    nullable: true,
    subscribe: (_root, _args, { subscribe }) => subscribe('news'),
    resolve: (news) => news,
  }),
);

builder.subscriptionField('room', (t) =>
  t.field({
    description: 'What is said in a room.',
    type: 'String',
    authScopes: { public: true },
    args: { name: t.arg.string({ description: 'Which room.' }) },
    subscribe: (_root, { name }, { subscribe }) => subscribe(`room:${name}`),
    resolve: (said) => said,
  }),
);

const TellPayload = plainPayload('tell');

builder.mutationField('tell', (t) =>
  t.field({
    description: 'Tells news.',
    type: TellPayload,
    authScopes: { public: true },
    args: { text: t.arg.string({ description: 'What to say.' }), room: t.arg.string({ required: false, description: 'Where to say it.' }) },
    resolve: async (_root, { text, room }, context) => {
      await (room ? context.publish(`room:${room}`, text) : context.publish('news', { text }));
      return { status: ok('Told') };
    },
  }),
);

const TellLaterPayload = plainPayload('tellLater');
let gate = Promise.resolve();

/** Keeps transactions of `tellLater` open until the returned function is called. */
export function holdCommits(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  return resolve;
}

builder.mutationField('tellLater', (t) =>
  t.field({
    description: 'Tells news in a transaction.',
    type: TellLaterPayload,
    authScopes: { public: true },
    args: { text: t.arg.string({ description: 'What to say.' }), fail: t.arg.boolean({ description: 'Whether to roll back.' }) },
    resolve: async (_root, { text, fail }, { deps, publish }) => {
      await deps().em.transactional(async () => {
        await publish('news', { text });
        await gate;
        if (fail) throw new Error('rolled back');
      });
      return { status: ok('Told') };
    },
  }),
);

/** Tells of everybody who registers. */
export const newsroom: Feature = {
  name: 'newsroom',
  on: { 'user.created': ({ em, user }) => publish(em, 'news', { text: `Welcome, ${user.username}!` }) },
};
