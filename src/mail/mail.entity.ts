import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.entity.ts';
import { MailRepository } from './mail.repository.ts';
import type { MailKind } from './mail-kind.ts';

const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  repository: () => MailRepository,
  uniques: [{ properties: ['user', 'kind', 'slot'] }],
  properties: {
    id: p.bigint('string').primary(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    kind: p.string().length(40).$type<MailKind>(),
    /** Empty for mails with a link: a newer one takes the place of an older. The recipient for notices: none may push out another. */
    slot: p.string().length(254).default(''),
    recipient: p.string().length(254),
    /** Null: nothing is to be sent; the row only keeps the next one from following too soon. */
    requestedAt: p.datetime().nullable(),
    /** Since the last success. */
    attempts: p.integer().default(0),
    nextAttemptAt: p.datetime().defaultRaw('now()').index(),
  },
});

/** A mail to send to somebody about their account. It holds neither text nor link: both are made at the moment of sending. */
export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);
