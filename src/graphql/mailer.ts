import type { EntityManager } from '@mikro-orm/sql';
import type { MailKind } from '../features/mail/mail-kind.ts';
import type { User } from '../features/users/user.entity.ts';

/** A mail to send, and the account as it was before what the mail is about. */
export type MailOrder = {
  readonly user: Pick<User, 'id' | 'email' | 'emailVerified'>;
  readonly kind: MailKind;
  readonly recipient: string;
};

/** How use cases have mails sent. */
export type Mailer = {
  /** Queues a mail in the caller's transaction: it is sent if and only if that commits. Nothing to an empty address. */
  readonly enqueue: (em: EntityManager, order: MailOrder) => Promise<void>;
  /** Has the queue looked at soon. Call it after the commit; what is missed is found within seconds. */
  readonly nudge: () => void;
};
