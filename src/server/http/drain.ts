import type { Server } from 'node:http';
import { promisify } from 'node:util';

/** Milliseconds for the requests that run. */
export const GRACE = 20_000;

/** Stops listening and lets what runs finish; what takes too long is cut off. @param hangUp on what would never finish */
export async function drain(http: Server, hangUp: () => void): Promise<void> {
  const closed = promisify(http.close.bind(http))();
  const tidying = setInterval(() => {
    http.closeIdleConnections(); // kept alive by requests that ended meanwhile
    hangUp();
  }, 50);
  const cut = setTimeout(() => http.closeAllConnections(), GRACE);
  await closed.finally(() => {
    clearInterval(tidying);
    clearTimeout(cut);
  });
}
