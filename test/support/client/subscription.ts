import { until } from '../until.ts';

export type Subscription = {
  /** What has come so far, as it came. */
  readonly received: () => string;
  /** Resolves when the stream is over: the server has ended it in order, or the connection broke. */
  readonly ended: Promise<'completed' | 'broken'>;
  /** Goes away, as a closed browser tab does. */
  readonly leave: () => void;
};

/** Subscribes over server-sent events and waits until the server listens. */
export async function subscribe(url: string, query: string, token: string): Promise<Subscription> {
  const left = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', Authorization: `Token ${token}` },
    body: JSON.stringify({ query }),
    signal: left.signal,
  });
  if (!response.ok || !response.body) throw new Error(`no subscription: ${response.status} ${await response.text()}`);
  let received = '';
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of body) received += decoder.decode(chunk, { stream: true });
  };
  const ended = read(response.body).then(
    () => 'completed' as const,
    () => 'broken' as const,
  );
  await until(() => received !== '');
  return { received: () => received, ended, leave: () => left.abort() };
}
