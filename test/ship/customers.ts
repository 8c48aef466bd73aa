import { randomUUID } from 'node:crypto';
import { GOOD_PASSWORD, graphqlClient, type Reply } from '../support/client/graphql-client.ts';
import { until } from '../support/until.ts';

/** People who use the API without a pause, each request on another node, and look at every answer. */
export type Customers = {
  /** Resolves after so many more visits, from registration to logout. */
  readonly visits: (count: number) => Promise<void>;
  readonly wrongAnswers: () => readonly string[];
  /** Lets everybody finish their visit. @returns how many visits there were */
  readonly leave: () => Promise<number>;
};

const login = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token } }';

/** @param nodes asked again for every request: those that are in service */
export function invite(count: number, nodes: () => readonly string[]): Customers {
  const wrong: string[] = [];
  let visits = 0;
  let isOpen = true;
  const ask = (query: string, options = {}): Promise<Reply> => {
    const urls = nodes();
    return graphqlClient(urls[Math.floor(Math.random() * urls.length)] ?? '').graphql(query, options);
  };
  const come = async () => {
    while (isOpen) {
      await visit(ask).catch((error: unknown) => wrong.push(String(error)));
      visits += 1;
    }
  };
  const everybody = Promise.all(Array.from({ length: count }, come));
  return {
    visits: (more) => {
      const goal = visits + more;
      return until(() => visits >= goal, 120_000);
    },
    wrongAnswers: () => wrong,
    leave: async () => {
      isOpen = false;
      await everybody;
      return visits;
    },
  };
}

async function visit(ask: (query: string, options?: object) => Promise<Reply>): Promise<void> {
  const username = `u${randomUUID()}`;
  const expectReply = async (what: string, reply: Promise<Reply>, isRight: (reply: Reply) => unknown) => {
    const { status, text, ...rest } = await reply;
    if (!isRight({ status, text, ...rest })) throw new Error(`${what}: ${status} ${text}`);
    return rest.data;
  };
  const input = { username, password: GOOD_PASSWORD };
  const register = 'mutation ($input: RegisterInput!) { register(input: $input) { status { code } token } }';
  const { register: first } = await expectReply(
    'register',
    ask(register, { variables: { input } }),
    ({ data }) => data?.register.status.code === '200 OK' && data.register.token,
  );
  const { login: second } = await expectReply(
    'login',
    ask(login, { variables: { input } }),
    ({ data }) => data?.login.status.code === '200 OK' && data.login.token,
  );
  await expectReply(
    'wrong password',
    ask(login, { variables: { input: { ...input, password: 'wrong' } } }),
    ({ data }) => data?.login.status.code === '400 BAD REQUEST',
  );
  const token = second.token;
  await expectReply(
    'hello, me',
    ask('{ hello me { username } }', { token }),
    ({ data }) => data?.hello === 'Hello, World!' && data.me.username === username,
  );
  await expectReply('tokens', ask('{ tokens { id } }', { token }), ({ data }) => data?.tokens.length === 2);
  await expectReply(
    'securityEvents',
    ask('{ securityEvents(first: 10) { edges { node { kind } } } }', { token }),
    ({ data }) => data?.securityEvents.edges.length >= 2, // the refused login is noted after it is answered
  );
  await expectReply(
    'revokeAllTokens',
    ask('mutation { revokeAllTokens { status { code } } }', { token }),
    ({ data }) => data?.revokeAllTokens.status.code === '200 OK',
  );
  await expectReply(
    'a revoked token',
    ask('{ hello }', { token: first.token }),
    ({ status, errors }) => status === 401 && errors[0]?.extensions.reason === 'INVALID',
  );
  await expectReply(
    'logout',
    ask('mutation { logout { status { code } } }', { token }),
    ({ data }) => data?.logout.status.code === '200 OK',
  );
  await expectReply('after logout', ask('{ hello }', { token }), ({ status }) => status === 401);
}
