import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { publish } from '../../features/topics/publish.ts';
import type { Context, Deps, TokenWatch, Topics, Viewer } from '../../graphql/context.ts';
import type { Operation } from '../../observability/operation.ts';
import { clientOf, type TrustHop } from '../../shared/client.ts';
import type { Topic } from '../../shared/feature.ts';
import { readAuthorization } from './authorization-header.ts';
import { createIdentify } from './identify.ts';
import type { NoteUse } from './use-recorder.ts';
import type { FindViewer } from './viewer-loader.ts';

/** What every request shares. */
export type ContextOptions = Omit<Deps, 'client'> & {
  readonly findViewer: FindViewer;
  readonly noteUse: NoteUse;
  readonly tokenWatch: TokenWatch;
  readonly topics: Topics;
  readonly trustHop: TrustHop;
  /** Of the Authorization header. */
  readonly authSchemes: readonly string[];
};

/** Makes the context of each request: its viewer, and what the use cases need. */
export function createContext({ em, findViewer, noteUse, tokenWatch, topics, trustHop, authSchemes, ...shared }: ContextOptions) {
  const [authScheme] = authSchemes;
  const identify = createIdentify({ findViewer, noteUse });
  return async (request: IncomingMessage, response: ServerResponse, operation: Operation): Promise<Context> => {
    let made: Deps | undefined;
    const { viewer, refusal } = await identify(readAuthorization(request.headers.authorization, authSchemes), operation);
    const deps = () => (made ??= { em: em.fork(), client: clientOf(request, response, trustHop), ...shared });
    return {
      tokenWatch,
      deps,
      renewDeps: () => (made = undefined),
      publish: (topic, payload) => publish(deps().em, topic, payload),
      subscribe: subscriber({ topics, tokenWatch, viewer }),
      viewer,
      refusal,
      authScheme,
      operation,
    };
  };
}

type Subscribing = { readonly topics: Topics; readonly tokenWatch: TokenWatch; readonly viewer: Viewer | null };

/** Subscribes until the token ends. A stranger's subscription, where a field allows it, goes on. */
function subscriber({ topics, tokenWatch, viewer }: Subscribing): Context['subscribe'] {
  const until = (signal: AbortSignal) => (viewer ? tokenWatch.untilEnded(viewer.tokenId, signal) : once(signal, 'abort'));
  function subscribe<Name extends Topic>(topic: Name): Promise<AsyncIterable<GraphqlTokenAuth.Topics[Name]>>;
  function subscribe(topic: string): Promise<AsyncIterable<unknown>> {
    return topics.subscribe(topic, until);
  }
  return subscribe;
}
