import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAsyncIterable } from '@graphql-tools/utils';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { noRoomForSubscription, streamOnly, tooManySubscriptions } from '../../shared/errors.ts';
import { takesEvents } from './accepted.ts';

/** How many subscriptions may be under way at once: each holds a connection and memory for as long as the client likes. */
export type SubscriptionLimits = { readonly perToken: number; readonly perProcess: number };

/**
 * Knows the subscriptions under way. It refuses those beyond the limits, and breaks all off for a server that stops: to end them in
 * order would tell the clients that there is no more to come; where the connection breaks, they subscribe again, to another node
 * or to this one when it is back.
 */
export function createOpenStreams({ perToken, perProcess }: SubscriptionLimits) {
  const open = new Map<ServerResponse, string | undefined>(); // with the id of the token
  const countOf = (tokenId: string) => [...open.values()].filter((id) => id === tokenId).length;

  const plugin: Plugin<Context & { req: IncomingMessage; res: ServerResponse }> = {
    onSubscribe({ args: { contextValue } }) {
      const { req, res, viewer } = contextValue;
      if (open.size >= perProcess) throw noRoomForSubscription();
      if (viewer && countOf(viewer.tokenId) >= perToken) throw tooManySubscriptions(perToken);
      open.set(res, viewer?.tokenId);
      res.once('close', () => open.delete(res));
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable(result) || takesEvents(req.headers.accept)) return;
          result[Symbol.asyncIterator]().return?.();
          setResult({ errors: [streamOnly()] });
        },
      };
    },
  };
  const hangUp = () => {
    for (const response of open.keys()) response.destroy();
  };
  return { plugin, hangUp };
}
