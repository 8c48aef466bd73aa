import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.ts';
import { MailRepository } from './mail.repository.ts';
import type { MailKind } from './mail-kind.ts';

const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  repository: () => MailRepository,
  uniques: [{ properties: ['user', 'kind', 'slot'] }],
  indexes: [
    { name: 'mails_of_nobody_index', expression: 'create unique index mails_of_nobody_index on mails (recipient) where user_id is null' },
  ],
  properties: {
    id: p.bigint('string').primary(),
    /** Null: nothing is sent, see `rehearsedAt`. */
    user: () => p.manyToOne(User).deleteRule('cascade').nullable(),
    kind: p.string().length(40).$type<MailKind>(),
    /** Empty for mails with a link: a newer one takes the place of an older. The recipient for notices: none may push out another. */
    slot: p.string().length(254).default(''),
    recipient: p.string().length(254),
    /** Whether the account may speak to that mailbox: its address is verified there, or no older account has it. */
    isTrusted: p.boolean().default(false),
    /** Null: nothing is to be sent; the row only keeps the next one from following too soon. */
    requestedAt: p.datetime().nullable(),
    /** In place of `requestedAt` where nobody has the address: the same work, but for the sending, so that its time tells nothing. */
    rehearsedAt: p.datetime().nullable(),
    /** Since the last success. */
    attempts: p.integer().default(0),
    nextAttemptAt: p.datetime().defaultRaw('now()').index(),
  },
});

/** A mail to send to somebody about their account. It holds neither text nor link: both are made at the moment of sending. */
export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);
