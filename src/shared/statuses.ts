/** Why a mutation ended as it did, with what each reason means, as `schema.graphql` and docs/errors.md describe them. */
export const statusReasons = {
  OK: 'It was done.',
  INVALID_INPUT: 'Something in the input is wrong; `errors` has all of it.',
  INVALID_CREDENTIALS: 'The username or the password is wrong, or the account is closed.',
  THROTTLED: 'There were too many attempts; `retryAfter` says when the next one can succeed.',
  REGISTRATION_CLOSED: 'This server takes no new accounts.',
  NOT_FOUND: 'What the input names does not exist, or belongs to another user.',
  NOT_TO_ONESELF: 'Staff cannot do that to their own account.',
  NOT_TO_SUPERUSER: 'Only a superuser may do that to a superuser.',
  NOT_TO_THOSE_WITH_RIGHTS: 'Only a superuser may do that to staff and to users with scopes.',
  LAST_SUPERUSER: 'The last active superuser has to stay.',
  NO_EMAIL: 'The account has no email address.',
  NO_PASSWORD: 'The account has no password.',
  INACTIVE: 'The account is closed.',
  MAIL_OFF: 'This server sends no mail.',
} as const;

export type StatusReason = keyof typeof statusReasons;

/** The outcome of a mutation, in the payload itself: `code` is in HTTP's words, `retryAfter` in seconds. */
export type Status = { readonly code: string; readonly reason: StatusReason; readonly message: string; readonly retryAfter?: number };

/** Something was done. Exported for modules that bring their own sentences. */
export const ok = (message: string): Status => ({ code: '200 OK', reason: 'OK', message });
const badRequest = (reason: StatusReason, message: string): Status => ({ code: '400 BAD REQUEST', reason, message });
const forbidden = (reason: StatusReason, message: string): Status => ({ code: '403 FORBIDDEN', reason, message });

/** What was named does not exist, or not for this user. Exported for the same. */
export const notFound = (message: string): Status => ({ code: '404 NOT FOUND', reason: 'NOT_FOUND', message });

/** Every status a mutation can answer with. */
export const statuses = {
  userCreated: ok('User created'),
  registrationClosed: forbidden('REGISTRATION_CLOSED', 'Registration is closed'),
  userAuthenticated: ok('User Authenticated'),
  invalidInput: badRequest('INVALID_INPUT', 'Invalid input'),
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
  noEmail: badRequest('NO_EMAIL', 'The account has no email address'),
  profileUpdated: ok('Profile updated'),
  accountDeleted: ok('Account deleted'),
  lastSuperuser: forbidden('LAST_SUPERUSER', 'The last superuser cannot be deleted'),
  userUpdated: ok('User updated'),
  passwordResetSent: ok('A mail with a link is on its way to the user'),
  userInactive: badRequest('INACTIVE', 'The account is inactive'),
  userWithoutPassword: badRequest('NO_PASSWORD', 'The account has no password to reset'),
  userNotFound: notFound('User not found'),
  notToOneself: forbidden('NOT_TO_ONESELF', 'You cannot do that to your own account'),
  notToSuperuser: forbidden('NOT_TO_SUPERUSER', 'Only a superuser may do that to a superuser'),
  notToThoseWithRights: forbidden('NOT_TO_THOSE_WITH_RIGHTS', 'Only a superuser may change the address of staff and of users with scopes'),
  mailOff: { code: '501 NOT IMPLEMENTED', reason: 'MAIL_OFF', message: 'This server sends no mail' },
  /** DRF's sentence. @param retryAfter seconds */
  throttled: (retryAfter: number): Status => ({
    code: '429 TOO MANY REQUESTS',
    reason: 'THROTTLED',
    message: `Request was throttled. Expected available in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`,
    retryAfter,
  }),
  invalidCredentials: badRequest('INVALID_CREDENTIALS', 'Invalid Username or Password. Please try again'),
} as const;
