import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../users/user.entity.ts';
import { TokenRepository } from './token.repository.ts';

const TokenSchema = defineEntity({
  name: 'Token',
  tableName: 'tokens',
  repository: () => TokenRepository,
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(64).unique().hidden(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** A key somebody holds, known here only by its SHA-256 digest. */
export class Token extends TokenSchema.class {}
TokenSchema.setClass(Token);
