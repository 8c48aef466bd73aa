import { builder, connectionOf, connectionType, idCursor, PublicUserType, pageArgs, pageSize, User } from 'graphql-token-auth';

const AuthorConnection = connectionType('Author', PublicUserType);

builder.queryField('authors', (t) =>
  t.withAuth({ editor: true }).field({
    description: 'The users with a name for others. Only for editors.',
    type: AuthorConnection,
    nullable: true,
    args: pageArgs,
    resolve: async (_root, { first, after }, { deps }) => {
      const size = pageSize(first);
      const where = { displayName: { $ne: '' }, id: { $gt: Number(idCursor(after) ?? 0) } };
      const users = await deps().em.find(User, where, { orderBy: { id: 'asc' }, limit: size + 1 });
      return connectionOf(users, size, ({ id }) => String(id));
    },
  }),
);
