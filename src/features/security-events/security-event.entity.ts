import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.ts';
import { SecurityEventRepository } from './security-event.repository.ts';
import type { SecurityEventKind } from './security-event-kind.ts';

const SecurityEventSchema = defineEntity({
  name: 'SecurityEvent',
  tableName: 'security_events',
  repository: () => SecurityEventRepository,
  indexes: [{ properties: ['user', 'id'] }],
  properties: {
    id: p.bigint('string').primary(),
    /** Null where nobody has the username that was tried: refusals cost the same whoever they are about. */
    user: () => p.manyToOne(User).nullable().deleteRule('cascade'),
    kind: p.string().length(40).$type<SecurityEventKind>(),
    happenedAt: p.datetime().defaultRaw('now()'),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(300).default(''),
    /** Which token did it, or was affected; it may be gone by now. */
    tokenId: p.bigint('string').nullable(),
    tokenName: p.string().length(150).default(''),
    /** Which member of staff did it; null when the owner, nobody or somebody past this server did. They may be gone by now. */
    actorId: p.integer().nullable(),
    actorUsername: p.string().length(150).default(''),
  },
});

/** Something that matters to the safety of an account: what, when, from where, by which token. Never a secret. */
export class SecurityEvent extends SecurityEventSchema.class {}
SecurityEventSchema.setClass(SecurityEvent);
