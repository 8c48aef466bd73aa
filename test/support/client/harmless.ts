import { expect } from 'vitest';
import type { TestApp } from '../app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from './graphql-client.ts';
import { rawRequest } from './raw-request.ts';

/** A secret to hide in bad requests. A GraphQL name, so that it can stand anywhere in a document. */
export const SECRET = 'Xyzzy9Plugh';

type RawRequest = Parameters<typeof rawRequest>[1];

/** A JSON body for the API, as it is or as a value to serialise. */
export const jsonBody = (body: unknown): RawRequest => ({
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  headers: ['Content-Type', JSON_TYPE, 'Accept', GRAPHQL_TYPE],
});

/** Sends a bad request and expects no trace of it: not of the secret in reply or log, no changed row, and a server that still answers. */
export async function sendHarmless(app: TestApp, request: RawRequest): ReturnType<typeof rawRequest> {
  const everybody = () => app.sql('select * from users order by id');
  const before = await everybody();
  const reply = await rawRequest(app.url, request);
  expect(reply.text).not.toMatch(/xyz|plugh/i);
  expect(app.logs()).not.toMatch(/xyz|plugh/i);
  expect(app.alarms()).toEqual([]);
  expect(await everybody()).toEqual(before);
  expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' });
  return reply;
}
