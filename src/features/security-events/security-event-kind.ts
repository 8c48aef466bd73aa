/** What happens to an account, with what each means, as `schema.graphql` describes them. */
export const securityEventKinds = {
  REGISTERED: 'The account was made.',
  LOGGED_IN: 'The password was accepted and a token issued.',
  LOGIN_FAILED: 'A login was refused.',
  THROTTLED: 'Logins were refused for a while after too many failures.',
  TOKEN_CREATED: 'A named token was made.',
  TOKEN_REVOKED: 'A token was ended before its time.',
  TOKEN_EXPIRED: 'A token reached the end of its time.',
  PASSWORD_CHANGED: 'The password was changed, by somebody who knew it or on the command line.',
  PASSWORD_RESET: 'The password was set through a link sent by mail.',
  EMAIL_CHANGED: 'The email address was changed.',
  PASSWORD_RESET_SENT: 'Staff had a link sent that resets the password.',
  // These are written by a trigger, whoever does it.
  ACCOUNT_DEACTIVATED: 'The account was closed to its owner.',
  ACCOUNT_ACTIVATED: 'The account was opened to its owner again.',
  STAFF_GRANTED: 'The account became one of staff.',
  STAFF_WITHDRAWN: 'The account is no longer one of staff.',
  SUPERUSER_GRANTED: 'The account became one of a superuser.',
  SUPERUSER_WITHDRAWN: 'The account is no longer one of a superuser.',
} as const;

export type SecurityEventKind = keyof typeof securityEventKinds;
