import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Observer } from '../../observability/observer.ts';
import type { Page } from './file.ts';
import { hangUpOnIdleReader } from './listen.ts';
import { notReady, type Readiness } from './readiness.ts';
import { respond } from './respond.ts';

/** Answers by itself, and notes that it did. */
type Endpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

type Routes = {
  readonly api: RequestListener;
  /** What answers about tokens, by path. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly observer: Observer;
  readonly readiness: Readiness;
  /** Finds the page for people at a path; undefined: there are none. */
  readonly findPage: ((path: string) => Page | undefined) | undefined;
  /** Whether browsers find GraphiQL at the API. */
  readonly graphiql: boolean;
  /** Seconds; null: for ever. */
  readonly requestTimeout: number | null;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
};

/** Dispatches requests by their path. Every path without a route answers 404. */
export function route({ api, endpoints, observer, findPage, graphiql, readiness, requestTimeout, stopping }: Routes): RequestListener {
  const answer = (path: string, response: ServerResponse): Promise<void> | void => {
    switch (path) {
      case '/':
        return graphiql ? respond(response, 302, whereTheApiIs, { Location: API }) : respond(response, 200, whereTheApiIs);
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return stopping.aborted ? notReady(response) : readiness(response);
      default:
        return respond(response, 404, `There is nothing here. ${whereTheApiIs}`);
    }
  };
  const answerAndNote = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    const page = findPage?.(path);
    if (page && request.method !== 'GET' && request.method !== 'HEAD') respond(response, 405, 'Use GET.', { Allow: 'GET, HEAD' });
    else await (page ? page(request, response) : answer(path, response));
    observer.note(request, response);
  };
  return (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff'); // or a browser might take an answer for a script or a page
    if (stopping.aborted) response.setHeader('Connection', 'close'); // the next request finds another node
    hangUpOnIdleReader(response, requestTimeout);
    observer.identify(request, response);
    const path = pathOf(request);
    const endpoint = endpoints.get(path);
    if (endpoint) return endpoint(request, response);
    if (path === `${API}/`) request.url = request.url?.replace(path, API);
    return path === API || path === `${API}/` ? api(request, response) : answerAndNote(path, request, response);
  };
}

const API = '/graphql';
const whereTheApiIs = `The API is at ${API}.`;

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
