import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, payloadName } from '../../graphql/payload.ts';
import { ownUser } from './own-user.ts';
import type { User } from './user.ts';

export const UserType = builder.objectRef<User>('User').implement({
  description: 'A person with an account.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the user. It never changes.' }),
    username: t.exposeString('username', { description: 'The name to log in with, as it was registered.' }),
    email: t.exposeString('email', { description: 'The email address; empty if the user gave none.' }),
    emailVerified: t.exposeBoolean('emailVerified', { description: 'Whether the user opened a link sent to that address.' }),
    firstName: t.exposeString('firstName', { description: 'The first name; empty if the user gave none.' }),
    lastName: t.exposeString('lastName', { description: 'The last name; empty if the user gave none.' }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether the user may log in.' }),
    isStaff: t.exposeBoolean('isStaff', { description: 'Whether the user may manage the accounts of others.' }),
    isSuperuser: t.exposeBoolean('isSuperuser', {
      description: 'Whether the user may do everything that staff may, regardless of isStaff, and choose who is staff.',
    }),
    scopes: t.exposeStringList('scopes', { description: 'What the user may do besides, as staff granted it; names of scopes.' }),
    dateJoined: t.expose('dateJoined', { type: 'DateTime', description: 'When the account was created.' }),
    lastLogin: t.expose('lastLogin', {
      type: 'DateTime',
      nullable: true,
      description: 'When the user last logged in with the password; null before the first login.',
    }),
  }),
});

export const PublicUserType = builder.objectRef<User>('PublicUser').implement({
  description: 'What other people may know of a user.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the user. It never changes.' }),
    username: t.exposeString('username', { description: 'The username.' }),
  }),
});

builder.queryField('me', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'The signed-in user. Needs a token.',
    type: UserType,
    nullable: true,
    resolve: (_root, _args, { viewer }) => ownUser(viewer),
  }),
);

/** The payload of a mutation that changes an account and shows it. @param mutation its name */
export const userPayload = (mutation: string) =>
  builder.objectRef<Payload & { readonly user?: User }>(payloadName(mutation)).implement({
    description: `The outcome of ${mutation}.`,
    interfaces: [MutationPayload],
    fields: (t) => ({
      user: t.expose('user', { type: UserType, nullable: true, description: 'The user after the change; null if the mutation failed.' }),
    }),
  });
