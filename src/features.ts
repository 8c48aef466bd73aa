import './features/account/email.graphql.ts';
import './features/account/password.graphql.ts';
import './features/account/profile.graphql.ts';
import './features/sign-in/sign-in.graphql.ts';
import './features/hello/hello.graphql.ts';
import './features/security-events/security-event.graphql.ts';
import './features/staff/accounts.graphql.ts';
import './features/staff/events.graphql.ts';
import './features/staff/user-acts.graphql.ts';
import './features/staff/users.graphql.ts';
import './features/tokens/token.graphql.ts';
import './features/tokens/token-revoked.graphql.ts';
import './features/users/user.graphql.ts';
import { Delivery, sweepDeliveries } from './features/events/delivery.ts';
import { Link, sweepExpiredLinks } from './features/links/link.ts';
import { Mail, sweepSettledMails } from './features/mail/mail.ts';
import { PasswordResetRequest } from './features/mail/password-reset-request.ts';
import { SecurityEvent } from './features/security-events/security-event.ts';
import { sweepEndedTokens } from './features/tokens/ended-tokens.ts';
import { sweepExpiredTokens, Token } from './features/tokens/token.ts';
import { sweepPayloads } from './features/topics/publish.ts';
import { User } from './features/users/user.ts';
import { findApp } from './find-app.ts';
import { sweepAttempts } from './services/throttling/attempts.ts';
import { sweepPlaces } from './services/throttling/sign-in-places.ts';
import type { Feature } from './shared/feature.ts';

const ours: readonly Feature[] = [
  { name: 'users', entities: [User], tables: ['django_users'], migrations: new URL('../migrations/', import.meta.url) },
  {
    name: 'tokens',
    entities: [Token],
    tables: ['ended_tokens'],
    scopes: { introspect: 'May ask about the tokens of others: /introspect and /revocations.' },
    sweeps: {
      tokens: { what: 'expired tokens', run: sweepExpiredTokens },
      ends: { what: 'records of ended tokens', run: sweepEndedTokens },
    },
  },
  { name: 'security-events', entities: [SecurityEvent] },
  { name: 'events', entities: [Delivery], sweeps: { deliveries: { what: 'events that could not be delivered', run: sweepDeliveries } } },
  {
    name: 'topics',
    tables: ['published_payloads'],
    sweeps: { published: { what: 'payloads that were published', run: sweepPayloads } },
  },
  { name: 'links', entities: [Link], sweeps: { links: { what: 'expired links', run: sweepExpiredLinks } } },
  { name: 'mail', entities: [Mail, PasswordResetRequest], sweeps: { mails: { what: 'records of mails sent', run: sweepSettledMails } } },
  {
    name: 'throttling',
    tables: ['attempts', 'reserve_attempts', 'sign_in_places'],
    sweeps: {
      attempts: { what: 'counts of attempts', run: sweepAttempts },
      places: { what: 'places of sign-ins', run: sweepPlaces },
    },
  },
];

/** What a server is made of: its own features, then the app's. */
export const compose = (app: readonly Feature[]): readonly Feature[] => [...ours, ...app];

/** What this server is made of. */
export const features: readonly Feature[] = compose(await findApp());
