import { builder } from '../../graphql/builder.ts';
import { MutationPayload, type Payload, payloadName } from '../../graphql/payload.graphql.ts';
import type { User } from './user.entity.ts';
import { UserType } from './user.graphql.ts';

/** The payload of a mutation that changes an account and shows it. @param mutation its name */
export const userPayload = (mutation: string) =>
  builder.objectRef<Payload & { readonly user?: User }>(payloadName(mutation)).implement({
    description: `The outcome of ${mutation}.`,
    interfaces: [MutationPayload],
    fields: (t) => ({ user: t.expose('user', { type: UserType, nullable: true, description: 'As it is now; null after a failure.' }) }),
  });
