import { defineEntity, p } from '@mikro-orm/core';
import { PasswordResetRequestRepository } from './password-reset-request.repository.ts';

const PasswordResetRequestSchema = defineEntity({
  name: 'PasswordResetRequest',
  tableName: 'password_reset_requests',
  repository: () => PasswordResetRequestRepository,
  properties: {
    /** In lower case, which may be longer than what was typed. */
    email: p.text().primary(),
    requestedAt: p.datetime().defaultRaw('now()'),
  },
});

/** An address somebody typed, until a worker has looked up whose it is. */
export class PasswordResetRequest extends PasswordResetRequestSchema.class {}
PasswordResetRequestSchema.setClass(PasswordResetRequest);
