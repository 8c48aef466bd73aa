import { type ExecutionResult, GraphQLError, parse } from 'graphql';
import { expect, it } from 'vitest';
import '../../../src/features.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { createRefusals } from '../../../src/server/endpoint/refusals.ts';
import { forbidden, unauthenticated } from '../../../src/shared/errors.ts';

const schema = buildSchema();
const refusalsOf = (query: string) => createRefusals(schema, parse(query));
const stranger = { viewer: null, refusal: 'unknown' } as const;
const old = { viewer: null, refusal: 'expired' } as const;
const viewer = {
  userId: 1,
  tokenId: '1',
  isActive: true,
  isStaff: false,
  isSuperuser: false,
  scopes: [],
  isExpired: false,
  isNoted: true,
  end: null,
  readUser: () => null,
};
const plain = { viewer, refusal: null };
const staff = { viewer: { ...viewer, isStaff: true }, refusal: null };
const refusedWith = (error: GraphQLError, data: Record<string, unknown> = { hello: null }): ExecutionResult => ({ errors: [error], data });

it('a refusal is kept for those who are refused for the same reason', () => {
  const refusals = refusalsOf('{ hello }');
  expect(refusals?.find(stranger, null)?.kept).toBeUndefined();
  const kept = refusals?.find(stranger, null)?.keep(refusedWith(unauthenticated('unknown')));
  expect(kept).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, headers: { 'WWW-Authenticate': 'Token' } });
  expect(refusals?.find(stranger, null)?.kept).toBe(kept);
  expect(refusals?.find(old, null)?.kept).toBeUndefined();
  expect(refusals?.find(plain, null)).toBeNull();
});

it('a refusal of people who lack a scope is none of those who have it', () => {
  const refusals = refusalsOf('{ users { edges { cursor } } }');
  refusals?.find(plain, null)?.keep(refusedWith(forbidden()));
  expect(refusals?.find(plain, null)?.kept?.code).toBe('FORBIDDEN');
  expect(refusals?.find(staff, null)).toBeNull();
});

it('what is not refused as a whole is not kept', () => {
  expect(refusalsOf('{ __typename }')).toBeNull();
  expect(refusalsOf('mutation { login(input: { username: "a", password: "b" }) { token } }')).toBeNull();
  expect(refusalsOf('{ hello users { edges { cursor } } }')?.find(plain, null)).toBeNull();
  const refusals = refusalsOf('{ hello }');
  expect(refusals?.find(stranger, null)?.keep({ data: { hello: 'Hello, World!' } })).toBeUndefined();
  expect(refusals?.find(stranger, null)?.keep(refusedWith(new GraphQLError('no', { extensions: { code: 'NO' } })))).toBeUndefined();
  expect(refusals?.find(stranger, null)?.kept).toBeUndefined();
});

it('variables that decide what is asked for have a refusal each, and those that do not fit have none', () => {
  const refusals = refusalsOf('query ($no: Boolean!) { hello @skip(if: $no) me { id } }');
  refusals?.find(stranger, { no: true })?.keep(refusedWith(unauthenticated('unknown'), { me: null }));
  expect(refusals?.find(stranger, { no: true })?.kept).toBeDefined();
  expect(refusals?.find(stranger, { no: false })?.kept).toBeUndefined();
  expect(refusals?.find(stranger, { no: 'x' })).toBeNull();
  expect(refusals?.find(stranger, undefined)).toBeNull();
});

it('the number of refusals that a document has is bounded', () => {
  const names = Array.from({ length: 6 }, (_, n) => `v${n}`);
  const fields = names.map((name) => `${name}: hello @skip(if: $${name})`).join(' ');
  const refusals = refusalsOf(`query (${names.map((name) => `$${name}: Boolean!`).join()}) { ${fields} me { id } }`);
  const ways = Array.from({ length: 64 }, (_, way) => Object.fromEntries(names.map((name, n) => [name, (way & (2 ** n)) > 0])));
  for (const way of ways) refusals?.find(stranger, way)?.keep(refusedWith(unauthenticated('unknown')));
  expect(ways.filter((way) => refusals?.find(stranger, way)?.kept)).toHaveLength(32);
});
