/** The HTTP-style outcome of a mutation, in the payload itself. `retryAfter` is in seconds. */
export type Status = { readonly code: string; readonly message: string; readonly retryAfter?: number };

const ok = (message: string): Status => ({ code: '200 OK', message });
const badRequest = (message: string): Status => ({ code: '400 BAD REQUEST', message });

/** Every status a mutation can answer with. */
export const statuses = {
  userCreated: ok('User created'),
  userAuthenticated: ok('User Authenticated'),
  invalidInput: badRequest('Invalid input'),
  invalidCredentials: badRequest('Invalid Username or Password. Please try again'),
} as const;
