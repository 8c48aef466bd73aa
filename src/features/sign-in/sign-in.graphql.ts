import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload } from '../../graphql/payload.ts';
import { statuses } from '../../shared/statuses.ts';
import { UserType } from '../users/user.graphql.ts';
import type { User } from '../users/user.ts';
import { valuesIn } from '../users/user-columns.ts';
import { login } from './login.ts';
import { register } from './register.ts';

type AuthPayload = Payload & { readonly user?: User; readonly token?: string };

const AuthPayloadType = builder.objectRef<AuthPayload>('AuthPayload').implement({
  description: 'The outcome of register and login.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    user: t.expose('user', { type: UserType, nullable: true, description: 'The signed-in user; null if the mutation failed.' }),
    token: t.exposeString('token', {
      nullable: true,
      description: 'The key to send as `Authorization: Token <key>`. It is shown only once; null if the mutation failed.',
    }),
  }),
});

export const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: (t) => ({
    username: t.string({ description: 'At most 150 letters, digits and @/./+/-/_. Unique regardless of case.' }),
    password: t.string({
      description:
        'From 8 characters (or the minimum this server sets) to 4096. Not a common password, not only digits, and not similar to the username, ' +
        'the name or the email address.',
    }),
    email: t.string({
      required: false,
      defaultValue: '',
      description: 'Optional; at most 254 characters. A server that sends mail sends a link to verify it.',
    }),
    firstName: t.string({ required: false, defaultValue: '', description: 'Optional; at most 150 characters.' }),
    lastName: t.string({ required: false, defaultValue: '', description: 'Optional; at most 150 characters.' }),
  }),
});

builder.mutationField('register', (t) =>
  t.field({
    description: 'Creates an account and signs it in.',
    type: AuthPayloadType,
    authScopes: { public: true },
    credentials: true,
    args: { input: t.arg({ type: RegisterInput, description: 'The new account.' }) },
    resolve: async (_root, { input: { email, firstName, lastName, ...rest } }, { deps }) => {
      const own = valuesIn(rest, 'register', deps().userColumns);
      const input = { ...rest, own, email: email ?? '', firstName: firstName ?? '', lastName: lastName ?? '' };
      const outcome = await register(deps(), input);
      if (outcome === 'closed') return { status: statuses.registrationClosed };
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      if ('errors' in outcome) return { status: statuses.invalidInput, errors: outcome.errors };
      return { status: statuses.userCreated, ...outcome };
    },
  }),
);

builder.mutationField('login', (t) =>
  t.fieldWithInput({
    description: 'Checks a username and password and issues a new token. Other devices stay signed in.',
    type: AuthPayloadType,
    authScopes: { public: true },
    credentials: true,
    typeOptions: { description: 'A username or a verified address, and the password.' },
    argOptions: { description: 'The username and the password.' },
    input: {
      username: t.input.string({
        description: 'The username as it was registered, where case matters; or the verified email address of the account.',
      }),
      password: t.input.string({ description: 'The password of the account.' }),
    },
    resolve: async (_root, { input }, { deps }) => {
      const outcome = await login(deps(), input);
      if (outcome === 'invalid-credentials') return { status: statuses.invalidCredentials };
      if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
      return { status: statuses.userAuthenticated, ...outcome };
    },
  }),
);
