import { builder } from '../../graphql/builder.ts';
import { connectionOf, connectionType, idCursor, pageArgs, pageOf, pageSize } from '../../graphql/connection.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { SecurityEventConnection } from '../security-events/security-event.graphql.ts';
import { User } from '../users/user.entity.ts';
import { UserType } from '../users/user.graphql.ts';
import { userIdOf } from '../users/user.repository.ts';
import { userOrders } from '../users/user-order.ts';
import { countReading } from './count-reading.ts';
import { listUsers } from './list-users.ts';

const UserConnection = connectionType('User', UserType);

const UserOrder = builder.enumType('UserOrder', {
  description: 'How to order users. Those with the same place are ordered by id.',
  values: userOrders,
});

builder.queryField('users', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'Everybody with an account, or those that fit what is said.',
    type: UserConnection,
    nullable: true,
    args: {
      ...pageArgs,
      after: t.arg.string({ required: false, description: 'The cursor to go on from, of the same order.' }),
      search: t.arg.string({
        required: false,
        description:
          'The beginning, in any case, of a username, an email address, a full name (“Ada Lov”) or a last name. ' +
          'At most 254 characters; one that finds more than 5,000 users is refused.',
      }),
      isActive: t.arg.boolean({ required: false, description: 'Only accounts that may log in, or only those that may not.' }),
      isStaff: t.arg.boolean({ required: false, description: 'Only those with isStaff, or only those without.' }),
      orderBy: t.arg({ type: UserOrder, required: false, defaultValue: 'ID_ASC', description: 'How to order them.' }),
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
    description: 'Somebody with an account; null when nobody has that id.',
    type: UserType,
    nullable: true,
    args: { id: t.arg.id({ description: 'As in users { edges { node { id } } }.' }) },
    resolve: async (_root, { id }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      return deps().em.getRepository(User).view(userIdOf(id));
    },
  }),
);

builder.queryField('userSecurityEvents', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'What happened to somebody’s account, the latest first; nothing when nobody has that id.',
    type: SecurityEventConnection,
    nullable: true,
    args: {
      userId: t.arg.id({ description: 'Whose.' }),
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
