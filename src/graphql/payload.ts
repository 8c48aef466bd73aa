import type { Outcome } from '../services/throttling/outcome.ts';
import { type FieldError, fieldErrorCodes } from '../shared/field-errors.ts';
import { type Status, statuses, statusReasons } from '../shared/statuses.ts';
import { builder, capitalise } from './builder.ts';

/** What every mutation answers with, besides what it is about. */
export type Payload = { readonly status: Status; readonly errors?: readonly FieldError[] };

/** @param values names and what each means */
const described = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, description]) => [name, { description }]));

const StatusReasonType = builder.enumType('StatusReason', {
  description: 'Why a mutation ended as it did, for programs. Later versions may add reasons.',
  values: described(statusReasons),
});

const StatusType = builder.objectRef<Status>('Status').implement({
  description: 'The outcome of a mutation.',
  fields: (t) => ({
    ok: t.boolean({ description: 'Whether the operation succeeded.', resolve: ({ reason }) => reason === 'OK' }),
    reason: t.expose('reason', { type: StatusReasonType, description: 'The outcome, for programs.' }),
    code: t.exposeString('code', { description: 'The HTTP-style outcome, as in "200 OK".' }),
    message: t.exposeString('message', { description: 'One sentence to show to a person.' }),
    retryAfter: t.exposeInt('retryAfter', { nullable: true, description: 'Seconds to wait before the next attempt; set when throttled.' }),
  }),
});

const FieldErrorCodeType = builder.enumType('FieldErrorCode', {
  description: 'A reason why a field was refused, for programs. The codes are Django’s.',
  values: described(fieldErrorCodes),
});

const FieldErrorType = builder.objectRef<FieldError>('FieldError').implement({
  description: 'What is wrong with one field of the input.',
  fields: (t) => ({
    field: t.exposeString('field', { nullable: true, description: 'The input field; null when the error concerns the whole input.' }),
    code: t.expose('code', { type: FieldErrorCodeType, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', { description: 'What is wrong, for people.' }),
  }),
});

export const MutationPayload = builder.interfaceRef<Payload>('MutationPayload').implement({
  description: 'The fields that the payload of every mutation has.',
  fields: (t) => ({
    status: t.expose('status', { type: StatusType, description: 'The outcome of the mutation.' }),
    errors: t.field({
      type: [FieldErrorType],
      description: 'Everything that is wrong with the input; empty when it is valid.',
      resolve: ({ errors }) => errors ?? [],
    }),
  }),
});

/** @param done the status when the input was valid */
export function payloadOf(outcome: Outcome, done: Status): Payload {
  if (outcome === 'mail-off') return { status: statuses.mailOff };
  if (outcome === 'last-superuser') return { status: statuses.lastSuperuser };
  if ('retryAfter' in outcome) return { status: statuses.throttled(outcome.retryAfter) };
  return { status: outcome.length > 0 ? statuses.invalidInput : done, errors: outcome };
}

/** The name of a mutation's payload. @param mutation its name */
export const payloadName = (mutation: string): string => `${capitalise(mutation)}Payload`;

/** The payload of a mutation that answers with no more than its outcome. @param mutation its name */
export const plainPayload = (mutation: string) =>
  builder.objectRef<Payload>(payloadName(mutation)).implement({
    description: `The outcome of ${mutation}.`,
    interfaces: [MutationPayload],
  });
