/** The HTTP-style outcome of a mutation, in the payload itself. `retryAfter` is in seconds. */
export type Status = { readonly code: string; readonly message: string; readonly retryAfter?: number };

/** Something was done. Exported for modules that bring their own sentences. */
export const ok = (message: string): Status => ({ code: '200 OK', message });
const badRequest = (message: string): Status => ({ code: '400 BAD REQUEST', message });
const forbidden = (message: string): Status => ({ code: '403 FORBIDDEN', message });
const notFound = (message: string): Status => ({ code: '404 NOT FOUND', message });

/** Every status a mutation can answer with. */
export const statuses = {
  userCreated: ok('User created'),
  registrationClosed: forbidden('Registration is closed'),
  userAuthenticated: ok('User Authenticated'),
  invalidInput: badRequest('Invalid input'),
  loggedOut: ok('Logged out'),
  tokenCreated: ok('Token created'),
  tokenRevoked: ok('Token revoked'),
  tokensRevoked: ok('Tokens revoked'),
  tokenNotFound: notFound('Token not found'),
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
  lastSuperuser: forbidden('The last superuser cannot be deleted'),
  userUpdated: ok('User updated'),
  passwordResetSent: ok('A mail with a link is on its way to the user'),
  userInactive: badRequest('The account is inactive'),
  userWithoutPassword: badRequest('The account has no password to reset'),
  userNotFound: notFound('User not found'),
  notToOneself: forbidden('Nobody may do that to themselves'),
  notToSuperuser: forbidden('Only a superuser may do that to a superuser'),
  notToThoseWithRights: forbidden('Only a superuser may change the address of staff and of users with scopes'),
  mailOff: { code: '501 NOT IMPLEMENTED', message: 'This server sends no mail' },
  /** DRF's sentence. @param retryAfter seconds */
  throttled: (retryAfter: number): Status => ({
    code: '429 TOO MANY REQUESTS',
    message: `Request was throttled. Expected available in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`,
    retryAfter,
  }),
  invalidCredentials: badRequest('Invalid Username or Password. Please try again'),
} as const;
