import type { TestApp } from '../app/test-app.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code message retryAfter } token } }';

export const WRONG = 'wrong-Quartz-12';
export const THROTTLED = '429 TOO MANY REQUESTS';

/** A login from an address; needs TRUST_PROXY=1. Undefined when the whole request was refused. */
export async function loginFrom(app: Pick<TestApp, 'graphql'>, address: string, username: string, password = WRONG) {
  const options = { variables: { input: { username, password } }, headers: { 'X-Forwarded-For': address } };
  const { data } = await app.graphql(LOGIN, options);
  return data?.login;
}

/** The same by a client that comes back when it is told that the server is busy, as on a slow machine. */
export async function loginPatiently(...args: Parameters<typeof loginFrom>): Promise<Awaited<ReturnType<typeof loginFrom>>> {
  for (;;) {
    const answer = await loginFrom(...args);
    if (answer) return answer;
  }
}

export const times = <Result>(count: number, work: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

/** Lets a minute pass for the attempts that are under way, so that they are given up for lost. */
export const loseAttempts = ({ sql }: Pick<TestApp, 'sql'>) =>
  sql(`update attempts a set pending = (select jsonb_object_agg(p.key, p.value::bigint - 60000) from jsonb_each(a.pending) p)
        where a.pending <> '{}'`);

/** How many answers there were of each code; refusals of the whole request count as `null`. */
export function tally(payloads: readonly ({ status: { code: string } } | undefined)[]): Record<string, number> {
  const codes = payloads.map((payload) => payload?.status.code ?? 'null');
  return Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((other) => other === code).length]));
}
