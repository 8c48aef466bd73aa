import { GOOD_PASSWORD, graphqlClient, type Reply } from '../support/client/graphql-client.ts';
import type { Answer } from './crowd.ts';

/** Somebody who knows what the server has to answer. */
export type Person = {
  /** Registers; fails the test when that does not work. */
  readonly arrive: () => Promise<void>;
  /** Does one thing, by chance. */
  readonly act: () => Promise<void>;
  readonly audit: () => Promise<string[]>;
  readonly unsureNames: () => string[];
};

type Options = { readonly url: string; readonly name: string; readonly note: (answer: Answer) => void };

type Request = {
  readonly operation: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly token?: string;
  /** What is wrong with an answer; empty when nothing is. */
  readonly check: (reply: Reply) => string;
};

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { token status { code } } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';
const RENAME = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { status { code } } }';
const LOGOUT = 'mutation { logout { status { code } } }';
const ME = '{ me { username firstName } }';

export function createPerson({ url, name, note }: Options): Person {
  const { graphql, register } = graphqlClient(url);
  const input = { username: name, password: GOOD_PASSWORD };
  const live: string[] = [];
  const dead: string[] = [];
  const unsureNames: string[] = [];
  const registered: string[] = [];
  /** The first is the last acknowledged one; the others may have been written. */
  let firstNames = [''];
  let serial = 0;

  /** Sends a request and judges the answer; true when it is an acknowledgement. */
  async function ask({ operation, query, variables = {}, token = '', check }: Request): Promise<boolean> {
    const started = performance.now();
    const reply = await graphql(query, { variables, token }).catch((error: unknown) => error);
    const endedAt = performance.now();
    const about = { operation, isRead: query.startsWith('{'), endedAt, took: endedAt - started };
    if (!isReply(reply)) {
      note({ ...about, outcome: 'unanswered', detail: String(reply instanceof Error ? (reply.cause ?? reply) : reply) });
      return false;
    }
    const isUnavailable =
      reply.status === 503 && reply.errors[0]?.extensions.code === 'SERVICE_UNAVAILABLE' && reply.headers.has('retry-after');
    const detail = isUnavailable ? '' : check(reply);
    note({ ...about, outcome: isUnavailable ? 'unavailable' : detail === '' ? 'right' : 'wrong', detail });
    return !isUnavailable && detail === '';
  }

  const expecting = (field: string) => (reply: Reply) => (reply.data?.[field]?.status.code === '200 OK' ? '' : reply.text);

  const readMe = (token: string) =>
    ask({
      operation: 'me',
      query: ME,
      token,
      check: ({ data, text }) =>
        data?.me?.username === name && firstNames.includes(data.me.firstName) ? '' : `${text}, not ${firstNames}`,
    });
  const greet = (token: string) =>
    ask({ operation: 'hello', query: '{ hello }', token, check: ({ data, text }) => (data?.hello === 'Hello, World!' ? '' : text) });
  const tryDead = (token: string) =>
    ask({
      operation: 'dead token',
      query: '{ hello }',
      token,
      check: ({ errors, text }) => (errors[0]?.extensions.reason === 'INVALID' ? '' : text),
    });

  async function logIn(): Promise<void> {
    let token = '';
    const check = (reply: Reply) => {
      token = reply.data?.login?.token ?? '';
      return expecting('login')(reply);
    };
    if (await ask({ operation: 'login', query: LOGIN, variables: { input }, check })) live.push(token);
  }

  async function logOut(): Promise<void> {
    const token = live.pop();
    if (token === undefined) return logIn();
    if (await ask({ operation: 'logout', query: LOGOUT, token, check: expecting('logout') })) dead.push(token); // else it may be either
  }

  async function rename(): Promise<void> {
    const firstName = `n${++serial}`;
    firstNames = [...firstNames, firstName];
    const isDone = await ask({
      operation: 'updateProfile',
      query: RENAME,
      variables: { input: { firstName } },
      token: live[0] ?? '',
      check: expecting('updateProfile'),
    });
    if (isDone) firstNames = [firstName];
  }

  async function registerAnother(): Promise<void> {
    const username = `${name}-${++serial}`;
    const isDone = await ask({
      operation: 'register',
      query: REGISTER,
      variables: { input: { username, password: GOOD_PASSWORD } },
      check: expecting('register'),
    });
    (isDone ? registered : unsureNames).push(username);
  }

  async function act(): Promise<void> {
    const chance = Math.random();
    const [token] = live;
    if (token === undefined || (chance < 0.1 && live.length < 20)) return logIn();
    if (chance < 0.2 && live.length > 1) return logOut();
    if (chance < 0.3) return rename();
    if (chance < 0.35) return registerAnother();
    if (chance < 0.45 && dead.length > 0) return void (await tryDead(dead.at(-1) ?? ''));
    return void (await (chance < 0.7 ? readMe(token) : greet(token)));
  }

  async function audit(): Promise<string[]> {
    const missing: string[] = [];
    for (const token of live) if (!(await readMe(token))) missing.push(`a token of ${name}`);
    for (const token of dead) if (!(await tryDead(token))) missing.push(`the end of a token of ${name}`);
    for (const username of registered) {
      const variables = { input: { username, password: GOOD_PASSWORD } };
      if (!(await ask({ operation: 'login', query: LOGIN, variables, check: expecting('login') }))) missing.push(`the account ${username}`);
    }
    return missing;
  }

  const arrive = async () => void live.push((await register(name)).token);
  return { arrive, act, audit, unsureNames: () => unsureNames };
}

const isReply = (value: unknown): value is Reply => typeof value === 'object' && value !== null && 'headers' in value;
