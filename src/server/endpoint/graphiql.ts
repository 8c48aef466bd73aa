import type { GraphiQLOptions } from 'graphql-yoga';

// Written out in the documents: the variables of the tab that opens first do not reach their pane.
const register = `mutation Register {
  register(
    input: {
      username: "JamesChe"
      password: "jamesuche123456"
      email: "james@example.com"
    }
  ) {
    status { code message retryAfter }
    token
    user { id username }
    errors { field code message }
  }
}
`;

const login = `mutation Login {
  login(input: { username: "JamesChe", password: "jamesuche123456" }) {
    status { code message retryAfter }
    token
    user { id username lastLogin }
  }
}
`;

const hello = `# Paste a token into Headers, below.
query Hello {
  hello
  me { id username }
}
`;

const options: GraphiQLOptions = {
  title: 'graphql-token-auth',
  defaultTabs: [{ query: register }, { query: login }, { query: hello, headers: '{ "Authorization": "Token " }' }],
};

/** GraphiQL as a newcomer meets it: sign up, sign in, say hello. One page that needs nothing else; 9 MB, so loaded only where wanted. */
export async function graphiqlPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
}
