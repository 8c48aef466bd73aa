import { builder } from '../../graphql/builder.ts';
import { connectionOf, connectionType, idCursor, pageArgs, pageSize } from '../../graphql/connection.ts';
import type { Viewer } from '../../graphql/context.ts';
import { SecurityEvent } from './security-event.entity.ts';
import { securityEventKinds } from './security-event-kind.ts';

const SecurityEventKind = builder.enumType('SecurityEventKind', {
  description: 'What happened.',
  values: Object.fromEntries(Object.entries(securityEventKinds).map(([kind, description]) => [kind, { description }])),
});

/** People learn that staff acted on their account, not who, from where or with what; staff do. */
const isHidden = ({ actorId }: SecurityEvent, viewer: Viewer | null): boolean => typeof actorId === 'number' && !viewer?.isStaff;

const SecurityEventType = builder.objectRef<SecurityEvent>('SecurityEvent').implement({
  description: 'Something that matters to the safety of an account.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Larger for later events.' }),
    kind: t.expose('kind', { type: SecurityEventKind, description: 'What happened.' }),
    happenedAt: t.expose('happenedAt', { type: 'DateTime', description: 'When.' }),
    ipAddress: t.string({
      nullable: true,
      description: 'From where; null when no request did it, and, for all but staff, when staff did.',
      resolve: (event, _args, { viewer }) => (isHidden(event, viewer) ? null : (event.ipAddress ?? null)),
    }),
    userAgent: t.string({
      description: 'By which program; empty when it did not say, and, for all but staff, when staff did it.',
      resolve: (event, _args, { viewer }) => (isHidden(event, viewer) ? '' : event.userAgent),
    }),
    tokenId: t.id({
      nullable: true,
      description: 'The token that did it or was affected; it may be gone.',
      resolve: ({ tokenId }) => tokenId ?? null,
    }),
    tokenName: t.exposeString('tokenName', { description: 'The name of that token; empty when there is none.' }),
    byStaff: t.boolean({
      description: 'Whether staff did it through this API.',
      resolve: ({ actorId }) => typeof actorId === 'number',
    }),
    actorId: t.withAuth({ staff: true }).id({
      nullable: true,
      description: 'Which member of staff did it; null when none did. They may be gone.',
      resolve: ({ actorId }) => actorId ?? null,
    }),
    actorUsername: t.withAuth({ staff: true }).string({
      nullable: true,
      description: 'The username of that member of staff; empty when none did it.',
      resolve: ({ actorUsername }) => actorUsername,
    }),
  }),
});

export const SecurityEventConnection = connectionType('SecurityEvent', SecurityEventType);

builder.queryField('securityEvents', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'What happened to one’s own account, the latest first.',
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
