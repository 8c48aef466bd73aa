import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.entity.ts';
import { LinkRepository } from './link.repository.ts';

const LinkSchema = defineEntity({
  name: 'Link',
  tableName: 'links',
  repository: () => LinkRepository,
  properties: {
    id: p.bigint('string').primary(),
    /** SHA-256 of the link's token, in hex. */
    digest: p.string().length(64).unique().hidden(),
    purpose: p.string().length(20).$type<LinkPurpose>(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** The address it was sent to. */
    email: p.string().length(254),
    /** What the account was when it was sent: SHA-256 over what must not change until it is opened. */
    accountState: p.string().length(64).hidden(),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime().index(),
  },
});

/** How long a link lives, by what it is for; in seconds. */
export const linkLifetimes = {
  'password-reset': 60 * 60,
  'email-verification': 24 * 60 * 60,
  'email-change': 24 * 60 * 60,
} as const;

export type LinkPurpose = keyof typeof linkLifetimes;

/** A link sent by mail that works once. Its token is known here only by its SHA-256 digest. */
export class Link extends LinkSchema.class {}
LinkSchema.setClass(Link);
