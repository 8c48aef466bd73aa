import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { OperationTypeNode, print } from 'graphql';
import { createClient as createEventsClient } from 'graphql-sse';
import { repeat, retry } from 'rxjs';
import { endSession, isUnauthenticated } from '../shared/session.ts';

/** For every mutation: errors are told, not thrown, and no answer with a key in it is kept in the cache. */
export const told = { errorPolicy: 'all', fetchPolicy: 'no-cache' } as const;

const uri = '/graphql';
const again = { delay: 1000 }; // milliseconds; the server ends the stream when it restarts

/** A client for one session. Each has its own: nothing that one person saw is left in the cache for the next. */
export function createClient(token: string | null): ApolloClient {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Token ${token}` };
  const events = createEventsClient({ url: uri, headers, retryAttempts: 0 }); // EventSource could not send the header
  const eventsLink = new ApolloLink(({ operationName, query, variables }) =>
    new Observable<ApolloLink.Result>((sink) => events.subscribe({ operationName, query: print(query), variables }, sink)).pipe(
      retry(again),
      repeat(again),
    ),
  );
  const endedSession = new ErrorLink(({ error }) => {
    if (CombinedGraphQLErrors.is(error) && isUnauthenticated(error.errors)) endSession(token);
  });
  const link = endedSession.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    eventsLink,
    new HttpLink({ uri, headers }),
  );
  return new ApolloClient({ link, cache: new InMemoryCache() });
}
