import { builder } from '../../graphql/builder.ts';
import { connectionOf, connectionType, idCursor, pageArgs, pageOf, pageSize } from '../../graphql/connection.ts';
import { SecurityEventConnection } from '../security-events/security-event.graphql.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { UserType } from '../users/user.graphql.ts';
import { User, userIdOf } from '../users/user.ts';
import { userOrders } from '../users/user-order.ts';
import { countReading, listUsers } from './list-users.ts';

const UserConnection = connectionType('User', UserType);

const UserOrder = builder.enumType('UserOrder', {
  description: 'The order of a list of users. Users with equal values are ordered by id.',
  values: userOrders,
});

builder.queryField('users', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'All users, or those that match the arguments. Only for staff.',
    type: UserConnection,
    nullable: true,
    args: {
      ...pageArgs,
      after: t.arg.string({ required: false, description: 'The cursor to continue after, from a list in the same order.' }),
      search: t.arg.string({
        required: false,
        description:
          'The beginning of a username, an email address, a full name (“Ada Lov”) or a last name, in upper or lower case. ' +
          'At most 254 characters; a text that matches more than 5,000 users is refused.',
      }),
      isActive: t.arg.boolean({ required: false, description: 'True: only users who may log in. False: only users who may not.' }),
      isStaff: t.arg.boolean({ required: false, description: 'True: only users with isStaff. False: only users without.' }),
      orderBy: t.arg({ type: UserOrder, required: false, defaultValue: 'ID_ASC', description: 'The order of the list.' }),
    },
    resolve: async (_root, { first, after, search, isActive, isStaff, orderBy }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      const size = pageSize(first);
      const wish = { after: after ?? null, search: search ?? null, isActive: isActive ?? null, isStaff: isStaff ?? null };
      return pageOf(await listUsers(deps(), { ...wish, order: orderBy ?? 'ID_ASC', limit: size + 1 }), size);
    },
  }),
);

builder.queryField('user', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'The user with that id; null if there is none. Only for staff.',
    type: UserType,
    nullable: true,
    args: { id: t.arg.id({ description: 'The id of the user, from `users { edges { node { id } } }`.' }) },
    resolve: async (_root, { id }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      return deps().em.getRepository(User).view(userIdOf(id));
    },
  }),
);

builder.queryField('userSecurityEvents', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'What happened to the account of a user, newest first; empty if there is no such user. Only for staff.',
    type: SecurityEventConnection,
    nullable: true,
    args: {
      userId: t.arg.id({ description: 'The id of the user, from `users { edges { node { id } } }`.' }),
      ...pageArgs,
    },
    resolve: async (_root, { userId, first, after }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      const size = pageSize(first);
      const page = { after: idCursor(after), limit: size + 1 };
      const rows = await deps().em.getRepository(SecurityEvent).latest(userIdOf(userId), page);
      return connectionOf(rows, size, ({ id }) => id);
    },
  }),
);
