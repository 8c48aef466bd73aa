import { createClient as createEventsClient } from 'graphql-sse';
import { Observable, repeat, retry } from 'rxjs';
import { Client, cacheExchange, type ExecutionResult, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { endSession, isUnauthenticated } from '../shared/session.ts';

const url = '/graphql';
const again = { delay: 1000 }; // milliseconds; the server ends the stream when it restarts

/** A client for one session. Each has its own: nothing that one person saw is left in the cache for the next. */
export function createClient(token: string | null): Client {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Token ${token}` };
  const events = createEventsClient({ url, headers, retryAttempts: 0 }); // EventSource could not send the header
  const watchForEnd = mapExchange({
    onError: ({ graphQLErrors }) => {
      if (isUnauthenticated(graphQLErrors)) endSession(token);
    },
  });
  const eventsExchange = subscriptionExchange({
    forwardSubscription: ({ query = '', operationName, variables }) =>
      new Observable<ExecutionResult>((sink) => events.subscribe({ query, operationName, variables }, sink)).pipe(
        retry(again),
        repeat(again),
      ),
  });
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [cacheExchange, watchForEnd, fetchExchange, eventsExchange],
  });
}
