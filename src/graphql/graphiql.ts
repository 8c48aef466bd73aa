import type { GraphiQLOptions } from 'graphql-yoga';

const register = `mutation Register($input: RegisterInput!) {
  register(input: $input) {
    status { code message }
    token
    user { id username }
    errors { field code message }
  }
}
`;

const login = `mutation Login($input: LoginInput!) {
  login(input: $input) {
    status { code message retryAfter }
    token
    user { id username lastLogin }
  }
}
`;

const hello = `# Paste the token of Register or Login into the headers pane below.
query Hello {
  hello
  me { id username }
}
`;

const json = (value: object): string => JSON.stringify(value, null, 2);
const newUser = { username: 'JamesChe', password: 'jamesuche123456', email: 'james@example.com' };

const options: GraphiQLOptions = {
  title: 'graphql-token-auth',
  defaultTabs: [
    { query: register, variables: json({ input: newUser }) },
    { query: login, variables: json({ input: { username: newUser.username, password: newUser.password } }) },
    { query: hello, headers: json({ Authorization: 'Token ' }) },
  ],
};

/** GraphiQL as a newcomer meets it: sign up, sign in, say hello. One page that needs nothing else; 9 MB, so loaded only where wanted. */
export async function graphiqlPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
}
