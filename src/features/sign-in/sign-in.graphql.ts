import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload } from '../../graphql/payload.graphql.ts';
import { statuses } from '../../shared/statuses.ts';
import { UserType } from '../users/user.graphql.ts';
import type { User } from '../users/user.ts';
import { login } from './login.ts';
import { register } from './register.ts';

type AuthPayload = Payload & { readonly user?: User; readonly token?: string };

const AuthPayloadType = builder.objectRef<AuthPayload>('AuthPayload').implement({
  description: 'The outcome of register and login.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    user: t.expose('user', { type: UserType, nullable: true, description: 'Who is signed in now; null after a failure.' }),
    token: t.exposeString('token', {
      nullable: true,
      description: 'The key for `Authorization: Token <key>`, shown only here; null after a failure.',
    }),
  }),
});

const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: (t) => ({
    username: t.string({ description: 'Letters, digits and @/./+/-/_ only, at most 150 characters, unique whatever the case.' }),
    password: t.string({ description: 'At most 4096 characters, not common, not like the rest of the account.' }),
    email: t.string({ required: false, defaultValue: '', description: 'At most 254 characters.' }),
    firstName: t.string({ required: false, defaultValue: '', description: 'At most 150 characters.' }),
    lastName: t.string({ required: false, defaultValue: '', description: 'At most 150 characters.' }),
  }),
});

const LoginInput = builder.inputType('LoginInput', {
  description: 'A username and its password.',
  fields: (t) => ({
    username: t.string({ description: 'Spelled as it was registered.' }),
    password: t.string({ description: 'The password.' }),
  }),
});

builder.mutationField('register', (t) =>
  t.field({
    description: 'Makes an account and signs it in.',
    type: AuthPayloadType,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: RegisterInput, description: 'The account to make.' }) },
    resolve: async (_root, { input: { email, firstName, lastName, ...rest } }, { deps }) => {
      const input = { ...rest, email: email ?? '', firstName: firstName ?? '', lastName: lastName ?? '' };
      const outcome = await register(deps(), input);
      if (outcome === 'closed') return { status: statuses.registrationClosed };
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.userCreated, ...outcome };
    },
  }),
);

builder.mutationField('login', (t) =>
  t.field({
    description: 'Checks a username and password and issues a new key; other devices stay signed in.',
    type: AuthPayloadType,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: LoginInput, description: 'Who wants to sign in.' }) },
    resolve: async (_root, { input }, { deps }) => {
      const outcome = await login(deps(), input);
      if (outcome === 'invalid-credentials') return { status: statuses.invalidCredentials };
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      return { status: statuses.userAuthenticated, ...outcome };
    },
  }),
);
