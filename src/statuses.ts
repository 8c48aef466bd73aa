/** The HTTP-style outcome of a mutation, in the payload itself. `retryAfter` is in seconds. */
export type Status = { readonly code: string; readonly message: string; readonly retryAfter?: number };

const ok = (message: string): Status => ({ code: '200 OK', message });
const badRequest = (message: string): Status => ({ code: '400 BAD REQUEST', message });

/** Every status a mutation can answer with. */
export const statuses = {
  userCreated: ok('User created'),
  registrationClosed: { code: '403 FORBIDDEN', message: 'Registration is closed' },
  userAuthenticated: ok('User Authenticated'),
  invalidInput: badRequest('Invalid input'),
  loggedOut: ok('Logged out'),
  tokenCreated: ok('Token created'),
  tokenRevoked: ok('Token revoked'),
  tokensRevoked: ok('Tokens revoked'),
  tokenNotFound: { code: '404 NOT FOUND', message: 'Token not found' },
  passwordChanged: ok('Password changed'),
  passwordResetRequested: ok('If that address belongs to an account, a mail with a link is on its way'),
  passwordReset: ok('Password reset'),
  emailVerificationRequested: ok('A mail with a link is on its way'),
  emailVerifiedAlready: ok('Email address already verified'),
  emailVerified: ok('Email address verified'),
  emailChangeRequested: ok('A mail with a link is on its way to the new address'),
  emailChanged: ok('Email address changed'),
  noEmail: badRequest('The account has no email address'),
  profileUpdated: ok('Profile updated'),
  accountDeleted: ok('Account deleted'),
  mailOff: { code: '501 NOT IMPLEMENTED', message: 'This server sends no mail' },
  /** DRF's sentence. @param retryAfter seconds */
  throttled: (retryAfter: number): Status => ({
    code: '429 TOO MANY REQUESTS',
    message: `Request was throttled. Expected available in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`,
    retryAfter,
  }),
  invalidCredentials: badRequest('Invalid Username or Password. Please try again'),
} as const;
