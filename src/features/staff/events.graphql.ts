import { builder } from '../../graphql/builder.ts';
import { connectionOf, idCursor, pageArgs, pageSize } from '../../graphql/connection.ts';
import { SecurityEventConnection, SecurityEventKind } from '../security-events/security-event.graphql.ts';
import { type ActivityHour, SecurityEvent } from '../security-events/security-event.ts';
import { TokenType } from '../tokens/token.graphql.ts';
import { Token } from '../tokens/token.ts';
import { userIdOf } from '../users/user.ts';
import { countReading } from './list-users.ts';

builder.queryField('userTokens', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'The tokens of a user, newest first; empty if there is no such user. Only for staff.',
    type: [TokenType],
    nullable: true,
    args: { userId: t.arg.id({ description: 'The id of the user, from `users { edges { node { id } } }`.' }) },
    resolve: async (_root, { userId }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      const tokens = await deps().em.getRepository(Token).findLive(userIdOf(userId));
      return tokens.map((token) => ({ token, current: token.id === viewer.tokenId }));
    },
  }),
);

builder.queryField('allSecurityEvents', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'What happened to all accounts, and to names that no account has, newest first. Only for staff.',
    type: SecurityEventConnection,
    nullable: true,
    args: {
      ...pageArgs,
      kinds: t.arg({ type: [SecurityEventKind], required: false, description: 'Only these kinds; all if it is left out.' }),
    },
    resolve: async (_root, { first, after, kinds }, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      const size = pageSize(first);
      const page = { after: idCursor(after), limit: size + 1, kinds: kinds ?? null };
      return connectionOf(await deps().em.getRepository(SecurityEvent).latestOfAll(page), size, ({ id }) => id);
    },
  }),
);

const ActivityHourType = builder.objectRef<ActivityHour>('ActivityHour').implement({
  description: 'What happened within an hour, over all accounts.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When the hour began.' }),
    logins: t.exposeInt('logins', { description: 'How many logins succeeded.' }),
    failedLogins: t.exposeInt('failedLogins', { description: 'How many logins were refused, also those of names that no account has.' }),
    locks: t.exposeInt('locks', { description: 'How often too many logins had failed.' }),
    registrations: t.exposeInt('registrations', { description: 'How many accounts were created, by their owners or by staff.' }),
  }),
});

builder.queryField('activity', (t) =>
  t.withAuth({ staff: true }).field({
    description: 'What happened within the last 24 hours, the current one last. Only for staff.',
    type: [ActivityHourType],
    nullable: true,
    resolve: async (_root, _args, { deps, viewer }) => {
      await countReading({ ...deps(), viewer });
      return deps().em.getRepository(SecurityEvent).activity();
    },
  }),
);
