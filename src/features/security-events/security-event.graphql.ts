import { builder } from '../../graphql/builder.ts';
import { connectionOf, connectionType, idCursor, pageArgs, pageSize } from '../../graphql/connection.ts';
import type { Viewer } from '../../graphql/context.ts';
import { SecurityEvent, securityEventKinds } from './security-event.ts';

export const SecurityEventKind = builder.enumType('SecurityEventKind', {
  description: 'What can happen to an account.',
  values: Object.fromEntries(Object.entries(securityEventKinds).map(([kind, description]) => [kind, { description }])),
});

/** Users learn that staff acted on their account; only staff learn who did, from where and with which program. */
const isHidden = ({ actorId }: SecurityEvent, viewer: Viewer | null): boolean => typeof actorId === 'number' && !viewer?.isStaff;

const SecurityEventType = builder.objectRef<SecurityEvent>('SecurityEvent').implement({
  description: 'An event that concerns the security of an account.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event. Later events have higher ids.' }),
    kind: t.expose('kind', { type: SecurityEventKind, description: 'What happened.' }),
    happenedAt: t.expose('happenedAt', { type: 'DateTime', description: 'When it happened.' }),
    ipAddress: t.string({
      nullable: true,
      description: 'The IP address of the request that caused it. Null if no request did; if staff did, only staff see it.',
      resolve: (event, _args, { viewer }) => (isHidden(event, viewer) ? null : (event.ipAddress ?? null)),
    }),
    userAgent: t.string({
      description: 'The User-Agent of the program that caused it; empty if it sent none. If staff did it, only staff see it.',
      resolve: (event, _args, { viewer }) => (isHidden(event, viewer) ? '' : event.userAgent),
    }),
    tokenId: t.id({
      nullable: true,
      description: 'The id of the token that caused it or was affected. The token may no longer exist.',
      resolve: ({ tokenId }) => tokenId ?? null,
    }),
    tokenName: t.exposeString('tokenName', { description: 'The name of that token; empty if there is none.' }),
    byStaff: t.boolean({
      description: 'Whether a member of staff did it through this API.',
      resolve: ({ actorId }) => typeof actorId === 'number',
    }),
    actorId: t.withAuth({ staff: true }).id({
      nullable: true,
      description: 'The id of the member of staff who did it; null if none did. The account may no longer exist. Only for staff.',
      resolve: ({ actorId }) => actorId ?? null,
    }),
    actorUsername: t.withAuth({ staff: true }).string({
      nullable: true,
      description: 'The username of that member of staff; empty if none did it. Only for staff.',
      resolve: ({ actorUsername }) => actorUsername,
    }),
    userId: t.withAuth({ staff: true }).id({
      nullable: true,
      description:
        'The id of the user to whom it happened; null if no account has the name that was tried, or has it any longer. Only for staff.',
      resolve: ({ user }) => user?.id ?? null,
    }),
    username: t.withAuth({ staff: true }).string({
      nullable: true,
      description: 'The username of that user, or of the account that was deleted; empty if there is neither. Only for staff.',
      resolve: ({ user, username }) => user?.username ?? username,
    }),
  }),
});

export const SecurityEventConnection = connectionType('SecurityEvent', SecurityEventType);

builder.queryField('securityEvents', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'What happened to the account of the signed-in user, newest first. Needs a token.',
    type: SecurityEventConnection,
    nullable: true,
    args: pageArgs,
    resolve: async (_root, { first, after }, { deps, viewer }) => {
      const size = pageSize(first);
      const rows = await deps()
        .em.getRepository(SecurityEvent)
        .latest(viewer.userId, { after: idCursor(after), limit: size + 1 });
      return connectionOf(rows, size, ({ id }) => id);
    },
  }),
);
