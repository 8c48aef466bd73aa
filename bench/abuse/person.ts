import { setTimeout } from 'node:timers/promises';
import { GOOD_PASSWORD, graphqlClient } from '../../test/support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { retryAfter } } }';

/** @param address whom a trusted proxy says the request comes from */
export type Person = { readonly url: string; readonly username: string; readonly address: string };

/** @param seconds from the first attempt @param attempts that it took */
export type Arrival = { readonly isIn: boolean; readonly seconds: number; readonly attempts: number };

/** Logs in, and tries again when the server says that there is no room now. @param patience seconds */
export async function logIn({ url, username, address }: Person, patience: number): Promise<Arrival> {
  const { graphql } = graphqlClient(url);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const options = { variables: { input: { username, password: GOOD_PASSWORD } }, headers: { 'X-Forwarded-For': address } };
  for (let attempts = 1; ; attempts++) {
    const { data, headers } = await graphql(LOGIN, options);
    const wait = Number(headers.get('retry-after') ?? data?.login.status.retryAfter ?? 0);
    const isIn = Boolean(data?.login.token);
    if (isIn || wait === 0 || seconds() + wait > patience) return { isIn, seconds: seconds(), attempts };
    await setTimeout(wait * 1000);
  }
}
