import type { RequestListener } from 'node:http';
import cors from 'cors';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { createSeldom } from '../../observability/seldom.ts';
import type { Page } from './file.ts';
import { type AllowsOrigin, createOriginCheck, isForeign } from './origins.ts';
import { createNegotiation, refuseRequest } from './refuse-request.ts';
import { respond } from './respond.ts';

type Options = {
  /** Of the front ends that may read the answers. */
  readonly corsOrigins: readonly string[];
  /** Whether those of this machine may, too. */
  readonly corsLocalhost: boolean;
  /** For browsers that come to look; undefined: they get what other clients get. */
  readonly page: Page | undefined;
  readonly observer: Observer;
  readonly log: Log;
};

/** What the API demands of a request before it reads the body, and says in every reply. */
export function guardApi(api: RequestListener, { corsOrigins, corsLocalhost, page, observer, log }: Options): RequestListener {
  const listen = page === undefined ? examined(api, observer) : withPage(page, examined(api, observer));
  const allows = createOriginCheck({ origins: corsOrigins, localhost: corsLocalhost });
  const share = (corsOrigins.length > 0 || corsLocalhost) && sharedWith(allows);
  const noteOrigin = createOriginNote(allows, log);
  return (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Vary', share ? 'Authorization, Accept, Origin' : 'Authorization, Accept');
    noteOrigin(request, response);
    return share ? share(request, response, () => listen(request, response)) : listen(request, response);
  };
}

const withPage =
  (page: Page, api: RequestListener): RequestListener =>
  (request, response) => {
    const isBrowsing = request.method === 'GET' && request.headers.accept?.includes('text/html');
    return isBrowsing ? page(request, response) : api(request, response);
  };

function examined(api: RequestListener, { note }: Observer): RequestListener {
  const negotiate = createNegotiation();
  return (request, response) => {
    const mediaType = negotiate(request.headers.accept);
    const refusal = refuseRequest(request, mediaType);
    if (refusal) {
      respond(response, refusal.status, refusal.message, refusal.headers);
      return note(request, response);
    }
    request.headers.accept = mediaType; // Yoga takes more: it would execute first and answer in parts, or not at all
    request.headers.host = 'localhost'; // Yoga makes it part of a URL, which throws when a client sends nonsense
    return api(request, response);
  };
}

/** Seconds that a browser may keep the answer to a preflight: the most that Chrome does. */
const MAX_AGE = 7200;

/** An origin that is not listed gets no CORS header at all. */
const sharedWith = (allows: AllowsOrigin) =>
  cors({
    origin: (origin, callback) => callback(null, origin !== undefined && allows(origin)),
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'X-Request-Id'],
    maxAge: MAX_AGE,
  });

/** Tells the operator of a front end that is not listed: its users see no more than a failure of the network. */
function createOriginNote(allows: AllowsOrigin, log: Log): RequestListener {
  const isWorthALine = createSeldom({ milliseconds: 60 * 60_000, most: 20 });
  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined || allows(origin) || !isForeign(request, origin)) return;
    const named = origin.slice(0, 200);
    if (isWorthALine(named)) log.info({ origin: named }, 'a front end of another origin was refused; CORS_ORIGINS does not list it');
  };
}
