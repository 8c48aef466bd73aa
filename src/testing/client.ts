/** As loosely typed as what is read from JSON: a test says itself what it expects, or names a type. */
type Parsed = ReturnType<typeof JSON.parse>;

/** An error of an answer. */
export type ReplyError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly reason?: string };
};

/** An answer. */
export type Reply<Data = Parsed> = {
  /** Of HTTP. */
  readonly status: number;
  readonly data: Data;
  /** Empty when there were none. */
  readonly errors: readonly ReplyError[];
};

export type RequestOptions = {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Who asks; else a stranger does. */
  readonly token?: string;
};

/** A person who has registered. */
export type Registered = { readonly id: string; readonly token: string; readonly password: string };

export type Client = {
  /** Sends a document over HTTP. */
  readonly graphql: <Data = Parsed>(query: string, options?: RequestOptions) => Promise<Reply<Data>>;
  /**
   * Subscribes over server-sent events; resolves when the server listens. `next()` waits for an event and throws a refusal,
   * `return()` unsubscribes.
   */
  readonly subscribe: <Data = Parsed>(query: string, options?: RequestOptions) => Promise<AsyncGenerator<Data, void>>;
  /** Registers a person. @param rest further fields of RegisterInput @throws Error when it was refused */
  readonly register: (username: string, rest?: Readonly<Record<string, unknown>>) => Promise<Registered>;
};

const PASSWORD = 'tr0mbone-Quartz-11';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { token user { id } errors { field message } } }';

/** Talks to a server. @param url as in `http://127.0.0.1:4000` */
export function createClient(url: string): Client {
  const send = (accept: string, query: string, { variables, token }: RequestOptions, signal?: AbortSignal) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept, ...(token && { Authorization: `Token ${token}` }) },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  const graphql: Client['graphql'] = async (query, options = {}) => {
    const response = await send('application/graphql-response+json', query, options);
    const { data, errors = [] } = JSON.parse(await response.text());
    return { status: response.status, data, errors };
  };
  const subscribe: Client['subscribe'] = async <Data = Parsed>(query: string, options: RequestOptions = {}) => {
    const left = new AbortController();
    const response = await send('text/event-stream', query, options, left.signal);
    if (!response.ok || !response.body) throw new Error(`no subscription: ${response.status} ${await response.text()}`);
    const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const { value: first = '' } = await chunks.next(); // the server says at once that it listens
    return results<Data>(first, chunks, left);
  };
  const register: Client['register'] = async (username, rest = {}) => {
    const { data, errors } = await graphql(REGISTER, { variables: { input: { username, password: PASSWORD, ...rest } } });
    const { token, user } = data?.register ?? {};
    if (!token) throw new Error(`${username} cannot register: ${JSON.stringify(data?.register.errors ?? errors)}`);
    return { id: user.id, token, password: PASSWORD };
  };
  return { graphql, subscribe, register };
}

/** The data of each event. @throws Error for an event that is an error */
async function* results<Data>(first: string, chunks: AsyncIterator<string>, left: AbortController): AsyncGenerator<Data, void> {
  let text = first;
  try {
    for (;;) {
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) if (/^event: next$/m.test(event)) yield dataOf(event);
      const { value, done } = await chunks.next();
      if (done) return;
      text += value;
    }
  } finally {
    left.abort();
  }
}

function dataOf(event: string): Parsed {
  const { data, errors } = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '{}');
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
