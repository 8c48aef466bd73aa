import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import * as errors from '../../src/shared/errors.ts';
import { ok, type Status, statuses, statusReasons } from '../../src/shared/statuses.ts';

const cause = new GraphQLError('…');

/** What each function of `errors.ts` makes, and each refusal: one that is missing here does not compile. */
const refusals: Record<errors.Refusal, GraphQLError> = {
  missing: errors.unauthenticated('missing'),
  scheme: errors.unauthenticated('scheme'),
  empty: errors.unauthenticated('empty'),
  spaces: errors.unauthenticated('spaces'),
  encoding: errors.unauthenticated('encoding'),
  unknown: errors.unauthenticated('unknown'),
  expired: errors.unauthenticated('expired'),
  inactive: errors.unauthenticated('inactive'),
};
const made: Record<keyof typeof errors, GraphQLError> = {
  unauthenticated: refusals.missing,
  forbidden: errors.forbidden(),
  serviceUnavailable: errors.serviceUnavailable(),
  throttled: errors.throttled(1),
  unexpected: errors.unexpected('…'),
  badUserInput: errors.badUserInput('…'),
  badArgument: errors.badArgument('…'),
  parseFailed: errors.parseFailed('…', cause),
  validationFailed: errors.validationFailed('…', cause),
  introspectionDisabled: errors.introspectionDisabled(cause),
  missedMessages: errors.missedMessages(),
  noRoomForSubscription: errors.noRoomForSubscription(),
  tooManySubscriptions: errors.tooManySubscriptions(1),
  bodyTooLarge: errors.bodyTooLarge(1),
  streamOnly: errors.streamOnly(),
  badRequest: errors.badRequest('…'),
};

type Http = { status: number; spec?: boolean };
const isHttp = (value: unknown): value is Http => typeof value === 'object' && value !== null && 'status' in value;

/** An error's first three columns in docs/errors.md. `spec: true` keeps its status from clients that accept only `application/json`. */
function row({ extensions: { code, reason, http } }: GraphQLError): string {
  const status = isHttp(http) ? `${http.status}${http.spec ? ' (200)' : ''}` : '';
  return `| \`${code}\` | ${reason ? `\`${reason}\` ` : ''}| ${status} |`;
}

it('docs/errors.md says of every error which code, reason and HTTP status it has, and of no other', () => {
  const table = readFileSync('docs/errors.md', 'utf8');
  const documented = [...table.matchAll(/^\| `[A-Z_]+` \| (?:`[A-Z_]+` )?\| [^|]+ \|/gm)].map(([columns]) => columns);
  expect(new Set(documented)).toEqual(new Set([refusals, made].flatMap(Object.values<GraphQLError>).map(row)));
});

const ended: Status[] = Object.values(statuses).map((status) => (typeof status === 'function' ? status(1) : status));

it('docs/errors.md says of every reason of a status which code it comes with, and of no other', () => {
  const table = readFileSync('docs/errors.md', 'utf8');
  const documented = [...table.matchAll(/^\| `([A-Z_]+)` \| `(\d{3} [A-Z ]+)` \|/gm)].map(([, reason, code]) => `${reason} ${code}`);
  expect(documented.toSorted()).toEqual([...new Set(ended.map(({ reason, code }) => `${reason} ${code}`))].toSorted());
});

it('every reason that the schema knows is the reason of a status', () => {
  expect(new Set(ended.map(({ reason }) => reason))).toEqual(new Set(Object.keys(statusReasons)));
});

it('a status is OK when its code is, and an app’s own sentence is as well', () => {
  for (const { reason, code } of [...ended, ok('Note created')]) expect(reason === 'OK').toBe(code === '200 OK');
});
