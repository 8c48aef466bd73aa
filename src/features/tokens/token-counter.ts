import type { EventArgs, EventSubscriber } from '@mikro-orm/core';
import { SecurityEvent, type SecurityEventKind } from '../security-events/security-event.ts';

/** What became of a token. */
export type TokenChange = 'issued' | 'revoked' | 'expired';

const changes: { readonly [Kind in SecurityEventKind]?: TokenChange } = {
  REGISTERED: 'issued',
  LOGGED_IN: 'issued',
  TOKEN_CREATED: 'issued',
  TOKEN_REVOKED: 'revoked',
};

/** Counts tokens by the security events that are written with them, so that no use case can forget to count. */
export const tokenCounter = (count: (change: TokenChange, by: number) => void): EventSubscriber<SecurityEvent> => ({
  getSubscribedEntities: () => [SecurityEvent],
  afterCreate({ entity }: EventArgs<SecurityEvent>) {
    const change = changes[entity.kind];
    if (change) count(change, 1);
  },
});
