import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';

/**
 * Knows the subscriptions under way, for a server that stops. To end them in order would tell the clients that there is no more to
 * come; where the connection breaks, they subscribe again, to another node or to this one when it is back.
 */
export function createOpenStreams() {
  const open = new Set<ServerResponse>();
  const plugin: Plugin<{ res: ServerResponse }> = {
    onSubscribe({ args: { contextValue } }) {
      const { res } = contextValue;
      open.add(res);
      res.once('close', () => open.delete(res));
    },
  };
  const hangUp = () => {
    for (const response of open) response.destroy();
  };
  return { plugin, hangUp };
}
