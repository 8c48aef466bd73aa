import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.ts';
import { LinkRepository } from './link.repository.ts';
import type { LinkPurpose } from './link-purpose.ts';

const LinkSchema = defineEntity({
  name: 'Link',
  tableName: 'links',
  repository: () => LinkRepository,
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(64).unique().hidden(),
    purpose: p.string().length(20).$type<LinkPurpose>(),
    /** Null: it opens nothing, and was made because making one takes time. */
    user: () => p.manyToOne(User).deleteRule('cascade').index().nullable(),
    /** The address it was sent to. */
    email: p.string().length(254),
    /** SHA-256, in hex, over what of the account must not change until the link is opened. */
    accountState: p.string().length(64).hidden(),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime().index(),
  },
});

/** A link sent by mail that works once. Its token is known here only by its SHA-256 digest. */
export class Link extends LinkSchema.class {}
LinkSchema.setClass(Link);
