import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.ts';
import { TokenRepository } from './token.repository.ts';

/** Characters. */
export const TOKEN_NAME_MAX_LENGTH = 150;

const TokenSchema = defineEntity({
  name: 'Token',
  tableName: 'tokens',
  repository: () => TokenRepository,
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(128).unique().hidden().lazy(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** The device or script. */
    name: p.string().length(TOKEN_NAME_MAX_LENGTH).default(''),
    createdAt: p.datetime().defaultRaw('now()'),
    lastUsedAt: p.datetime().nullable(),
    /** Unless it is used until then; null: never. */
    expiresAt: p.datetime().nullable().index(),
    /** The end that somebody chose, beyond which use puts nothing off. */
    chosenEnd: p.datetime().nullable(),
    /** Whether use puts the end off without a bound. */
    slides: p.boolean().default(true),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(300).default(''),
  },
});

/** A key somebody holds, known here only by its digest. */
export class Token extends TokenSchema.class {}
TokenSchema.setClass(Token);
