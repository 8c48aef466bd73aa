export const JSON_TYPE = 'application/json';
export const GRAPHQL_TYPE = 'application/graphql-response+json';

type GraphqlError = { message: string; path?: string[]; extensions: { code: string; reason?: string; requestId?: string } };

/** A reply with its outside. `data` is typed loosely: tests assert on what they need. */
export type Reply = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  data: any;
  errors: GraphqlError[];
};

type Options = {
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
  token?: string;
  accept?: string;
  headers?: Record<string, string>;
};

export type GraphqlClient = {
  /** Sends a document over HTTP. @param options.accept defaults to the newer media type, where refusals have a status */
  readonly graphql: (query: string, options?: Options) => Promise<Reply>;
  /** Registers somebody and returns their key; fails the test when that does not work. */
  readonly register: (username: string, rest?: Record<string, unknown>) => Promise<{ id: string; token: string; password: string }>;
};

export const GOOD_PASSWORD = 'tr0mbone-Quartz-11';

export function graphqlClient(url: string): GraphqlClient {
  const graphql: GraphqlClient['graphql'] = async (query, { variables, extensions, token, accept = GRAPHQL_TYPE, headers } = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': JSON_TYPE, Accept: accept, ...(token && { Authorization: `Token ${token}` }), ...headers },
      body: JSON.stringify({ query, variables, extensions }),
    });
    return readReply(response);
  };
  const register: GraphqlClient['register'] = async (username, rest = {}) => {
    const password = GOOD_PASSWORD;
    const variables = { input: { username, password, ...rest } };
    const { data, text } = await graphql('mutation ($input: RegisterInput!) { register(input: $input) { token user { id } } }', {
      variables,
    });
    if (!data?.register.token) throw new Error(`register failed: ${text}`);
    return { id: data.register.user.id, token: data.register.token, password };
  };
  return { graphql, register };
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const { data, errors = [] } = isJson ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, data, errors };
}
