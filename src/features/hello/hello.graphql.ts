import { builder } from '../../graphql/builder.ts';

builder.queryField('hello', (t) =>
  t.string({
    description: 'Greets whoever holds a valid token.',
    nullable: true,
    authScopes: { authenticated: true },
    resolve: () => 'Hello, World!',
  }),
);
