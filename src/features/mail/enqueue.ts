import type { EntityManager } from '@mikro-orm/sql';
import type { User } from '../users/user.ts';
import { Mail } from './mail.entity.ts';
import type { MailKind } from './mail-kind.ts';

/** A mail to send, and the account as it was before what the mail is about. */
export type MailOrder = {
  readonly user: Pick<User, 'id' | 'email' | 'emailVerified'>;
  readonly kind: MailKind;
  readonly recipient: string;
};

/** Queues a mail in the caller's transaction: it is sent if and only if that commits. Nothing to an empty address. */
export async function enqueue(transaction: EntityManager, order: MailOrder): Promise<void> {
  if (order.recipient !== '') await transaction.getRepository(Mail).enqueue(order);
}
