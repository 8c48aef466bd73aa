import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, payloadName } from '../../graphql/payload.graphql.ts';
import { User } from './user.ts';

export const UserType = builder.objectRef<User>('User').implement({
  description: 'A person with an account.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Stable for the life of the account.' }),
    username: t.exposeString('username', { description: 'The name to log in with, spelled as it was registered.' }),
    email: t.exposeString('email', { description: 'The email address; empty when none was given.' }),
    emailVerified: t.exposeBoolean('emailVerified', { description: 'Whether a link sent to that address was opened.' }),
    firstName: t.exposeString('firstName', { description: 'The first name; empty when none was given.' }),
    lastName: t.exposeString('lastName', { description: 'The last name; empty when none was given.' }),
    isActive: t.exposeBoolean('isActive', { description: 'False for an account that may not log in.' }),
    isStaff: t.exposeBoolean('isStaff', { description: 'True for people who may look after the accounts of others.' }),
    isSuperuser: t.exposeBoolean('isSuperuser', {
      description: 'True for people who may all that staff may, whatever isStaff says, and choose who is staff.',
    }),
    dateJoined: t.expose('dateJoined', { type: 'DateTime', description: 'When the account was made.' }),
    lastLogin: t.expose('lastLogin', {
      type: 'DateTime',
      nullable: true,
      description: 'When the password was last accepted; null before the first login.',
    }),
  }),
});

builder.queryField('me', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Whoever is asking.',
    type: UserType,
    nullable: true,
    resolve: (_root, _args, { deps, viewer }) => deps().em.findOneOrFail(User, viewer.userId),
  }),
);

/** The payload of a mutation that changes an account and shows it. @param mutation its name */
export const userPayload = (mutation: string) =>
  builder.objectRef<Payload & { readonly user?: User }>(payloadName(mutation)).implement({
    description: `The outcome of ${mutation}.`,
    interfaces: [MutationPayload],
    fields: (t) => ({ user: t.expose('user', { type: UserType, nullable: true, description: 'As it is now; null after a failure.' }) }),
  });
