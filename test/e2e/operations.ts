import { initGraphQLTada, type ResultOf, type VariablesOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

/** Types operations by the schema itself. */
const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();

export const REGISTER = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      token
      status { code }
      errors { field code message }
    }
  }
`);

export const LOGIN = graphql(`
  mutation Login($input: LoginInput!) {
    login(input: $input) {
      token
      status { code message }
      errors { field code message }
    }
  }
`);

export const HELLO = graphql(`
  query Hello {
    hello
  }
`);

export const TOKENS = graphql(`
  query Tokens {
    tokens { id name current lastUsedAt }
  }
`);

export const REVOKE = graphql(`
  mutation Revoke($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      status { code }
    }
  }
`);

export type RegisterInput = VariablesOf<typeof REGISTER>['input'];
export type LoginInput = VariablesOf<typeof LOGIN>['input'];
export type Registered = ResultOf<typeof REGISTER>['register'];
export type LoggedIn = ResultOf<typeof LOGIN>['login'];
export type Tokens = ResultOf<typeof TOKENS>['tokens'];
