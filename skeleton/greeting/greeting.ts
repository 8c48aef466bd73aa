import { builder, type Feature } from 'graphql-token-auth';

builder.queryField('greeting', (t) =>
  t.withAuth({ authenticated: true }).string({
    description: 'A greeting for the signed-in user.',
    nullable: true,
    resolve: (_root, _args, { viewer }) => `Hello, user ${viewer.userId}!`,
  }),
);

export const greeting: Feature = { name: 'greeting' };
