import './account/email.graphql.ts';
import './account/password.graphql.ts';
import './account/profile.graphql.ts';
import './auth/auth.graphql.ts';
import './hello/hello.graphql.ts';
import './security-events/security-event.graphql.ts';
import './staff/acts.graphql.ts';
import './staff/users.graphql.ts';
import './tokens/token.graphql.ts';
import './tokens/token-revoked.graphql.ts';
import './users/user.graphql.ts';
import app from '../app/app.ts';
import { sweepExpiredLinks } from './links/expired-links.ts';
import { Link } from './links/link.entity.ts';
import { Mail } from './mail/mail.entity.ts';
import { PasswordResetRequest } from './mail/password-reset-request.entity.ts';
import { sweepSettledMails } from './mail/settled-mails.ts';
import { SecurityEvent } from './security-events/security-event.entity.ts';
import type { Feature } from './shared/feature.ts';
import { sweepAttempts } from './throttling/attempts.ts';
import { sweepPlaces } from './throttling/sign-in-places.ts';
import { sweepExpiredTokens } from './tokens/expired-tokens.ts';
import { Token } from './tokens/token.entity.ts';
import { User } from './users/user.entity.ts';

const ours: readonly Feature[] = [
  { name: 'users', entities: [User], tables: ['django_users'], migrations: new URL('../migrations/', import.meta.url) },
  { name: 'tokens', entities: [Token], sweeps: { tokens: { what: 'expired tokens', run: sweepExpiredTokens } } },
  { name: 'security-events', entities: [SecurityEvent] },
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

/** What this server is made of: its own features, then the app's. */
export const features: readonly Feature[] = [...ours, ...app];
