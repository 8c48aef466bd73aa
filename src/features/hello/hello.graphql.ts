import { builder } from '../../graphql/builder.ts';

builder.queryField('hello', (t) =>
  t.string({
    description: 'A greeting, for trying out a token. Needs a token.',
    nullable: true,
    authScopes: { authenticated: true },
    resolve: () => 'Hello, World!',
  }),
);
