import { expect } from 'vitest';
import type { TestApp } from '../support/app/test-app.ts';
import { subscribe } from '../support/client/subscription.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';
const WATCH = 'subscription { tokenRevoked { reason } }';
const LOGOUT = 'mutation { logout { status { code } } }';

/** Fails logins on all nodes in turn until they are refused; needs THROTTLE_LOGIN_ACCOUNT=6/5m. */
export async function expectSharedBudget(nodes: readonly TestApp[], username: string): Promise<void> {
  const codes: string[] = [];
  for (const { graphql } of [...nodes, ...nodes, ...nodes]) {
    const { data } = await graphql(LOGIN, { variables: { input: { username, password: 'wrong' } } });
    codes.push(data.login.status.code);
  }
  expect(codes).toEqual([...Array(6).fill('400 BAD REQUEST'), ...Array(3).fill('429 TOO MANY REQUESTS')]);
}

/** Ends tokens on each node and tries them on the others at once. */
export async function expectSharedRevocation(nodes: readonly TestApp[], username: string): Promise<void> {
  for (const [n, here] of nodes.entries()) {
    const { token } = await here.register(`${username}-${n}`);
    for (const { graphql } of nodes) expect((await graphql('{ hello }', { token })).status).toBe(200);
    expect((await here.graphql(LOGOUT, { token })).data.logout.status.code).toBe('200 OK');
    for (const { graphql } of nodes)
      expect((await graphql('{ hello }', { token })).errors).toMatchObject([{ extensions: { reason: 'INVALID' } }]);
  }
}

/** Listens to one token on every node and ends it on the first. @param meanwhile what happens before it is ended */
export async function expectAllTold(nodes: readonly TestApp[], username: string, meanwhile = async () => {}): Promise<void> {
  const [here] = nodes;
  if (!here) return;
  const { token } = await here.register(username);
  const subscriptions = await Promise.all(nodes.map(({ url }) => subscribe(url, WATCH, token)));
  await meanwhile();
  await here.graphql(LOGOUT, { token });
  await Promise.all(subscriptions.map(({ ended }) => ended));
  for (const { received } of subscriptions) expect(received()).toContain('REVOKED');
}
