import { join } from 'node:path';
import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { type Client, CombinedError, type OperationResult } from '@urql/core';
import { type ApolloClient as ApolloClient3, ApolloError } from 'apollo-client-3/index.js';
import { ClientError, type GraphQLClient } from 'graphql-request';
import {
  HELLO,
  LOGIN,
  type LoggedIn,
  type LoginInput,
  REGISTER,
  REVOKE,
  type Registered,
  type RegisterInput,
  TOKENS,
  type Tokens,
} from './operations.ts';

/** What an app does with its client. Refusals are thrown, as each client has them. */
export type App = {
  readonly register: (input: RegisterInput) => Promise<Registered | undefined>;
  readonly login: (input: LoginInput) => Promise<LoggedIn | undefined>;
  readonly hello: () => Promise<string | null | undefined>;
  readonly tokens: () => Promise<Tokens | undefined>;
  readonly revoke: (id: string) => Promise<string | undefined>;
  /** The `extensions.code` of what was thrown, found the way of this client. */
  readonly codeOf: (error: unknown) => unknown;
};

/** Opens an app upon what docs/clients.md tells its readers to write. @param folder of its snippets */
export type OpenApp = (folder: string) => Promise<App>;

export const openApollo4: OpenApp = async (folder) => {
  const { client }: { client: ApolloClient } = await import(join(folder, 'apollo.ts'));
  const fresh = { fetchPolicy: 'network-only' } as const;
  return {
    register: async (input) => (await client.mutate({ mutation: REGISTER, variables: { input } })).data?.register,
    login: async (input) => (await client.mutate({ mutation: LOGIN, variables: { input } })).data?.login,
    hello: async () => (await client.query({ query: HELLO, ...fresh })).data?.hello,
    tokens: async () => (await client.query({ query: TOKENS, ...fresh })).data?.tokens,
    revoke: async (id) => (await client.mutate({ mutation: REVOKE, variables: { input: { id } } })).data?.revokeToken?.status.code,
    codeOf: (error) => CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code,
  };
};

export const openApollo3: OpenApp = async (folder) => {
  const { client }: { client: ApolloClient3<unknown> } = await import(join(folder, 'apollo-3.ts'));
  const fresh = { fetchPolicy: 'network-only' } as const;
  return {
    register: async (input) => (await client.mutate({ mutation: REGISTER, variables: { input } })).data?.register,
    login: async (input) => (await client.mutate({ mutation: LOGIN, variables: { input } })).data?.login,
    hello: async () => (await client.query({ query: HELLO, ...fresh })).data.hello,
    tokens: async () => (await client.query({ query: TOKENS, ...fresh })).data.tokens,
    revoke: async (id) => (await client.mutate({ mutation: REVOKE, variables: { input: { id } } })).data?.revokeToken?.status.code,
    codeOf: (error) => error instanceof ApolloError && error.graphQLErrors[0]?.extensions?.code,
  };
};

export const openUrql: OpenApp = async (folder) => {
  const { client }: { client: Client } = await import(join(folder, 'urql.ts'));
  const fresh = { requestPolicy: 'network-only' } as const;
  return {
    register: async (input) => dataOf(await client.mutation(REGISTER, { input }))?.register,
    login: async (input) => dataOf(await client.mutation(LOGIN, { input }))?.login,
    hello: async () => dataOf(await client.query(HELLO, {}, fresh))?.hello,
    tokens: async () => dataOf(await client.query(TOKENS, {}, fresh))?.tokens,
    revoke: async (id) => dataOf(await client.mutation(REVOKE, { input: { id } }))?.revokeToken?.status.code,
    codeOf: (error) => error instanceof CombinedError && error.graphQLErrors[0]?.extensions.code,
  };
};

function dataOf<Data>({ data, error }: Pick<OperationResult<Data>, 'data' | 'error'>): Data | undefined {
  if (error) throw error;
  return data;
}

export const openGraphqlRequest: OpenApp = async (folder) => {
  const { client }: { client: GraphQLClient } = await import(join(folder, 'graphql-request.ts'));
  return {
    register: async (input) => (await client.request(REGISTER, { input })).register,
    login: async (input) => (await client.request(LOGIN, { input })).login,
    hello: async () => (await client.request(HELLO)).hello,
    tokens: async () => (await client.request(TOKENS)).tokens,
    revoke: async (id) => (await client.request(REVOKE, { input: { id } })).revokeToken?.status.code,
    codeOf: (error) => error instanceof ClientError && error.response.errors?.[0]?.extensions.code,
  };
};
