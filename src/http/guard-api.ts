import type { RequestListener } from 'node:http';
import cors from 'cors';
import type { Observer } from '../observability/observer.ts';
import { mediaTypeFor } from './media-type.ts';
import type { Page } from './page.ts';
import { refuseRequest } from './refuse-request.ts';
import { respond } from './respond.ts';

type Options = {
  /** Of the front ends that may read the answers. */
  readonly corsOrigins: readonly string[];
  /** For browsers that come to look; undefined: they get what everybody gets. */
  readonly page: Page | undefined;
  readonly observer: Observer;
};

/** What the API demands of a request before it reads the body, and says in every reply. */
export function guardApi(api: RequestListener, { corsOrigins, page, observer }: Options): RequestListener {
  const listen = page === undefined ? examined(api, observer) : withPage(page, examined(api, observer));
  const share = corsOrigins.length > 0 && sharedWith(corsOrigins);
  return (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Vary', share ? 'Authorization, Accept, Origin' : 'Authorization, Accept');
    return share ? share(request, response, () => listen(request, response)) : listen(request, response);
  };
}

const withPage =
  ({ html, headers }: Page, api: RequestListener): RequestListener =>
  (request, response) => {
    const isBrowsing = request.method === 'GET' && request.headers.accept?.includes('text/html');
    return isBrowsing ? respond(response, 200, html, headers) : api(request, response);
  };

const examined =
  (api: RequestListener, { note }: Observer): RequestListener =>
  (request, response) => {
    const mediaType = mediaTypeFor(request.headers.accept);
    const refusal = refuseRequest(request, mediaType);
    if (refusal?.status === 405) response.setHeader('Allow', 'GET, POST');
    if (refusal) {
      respond(response, refusal.status, refusal.message);
      return note(request, response);
    }
    request.headers.accept = mediaType; // Yoga takes more: it would execute first and answer in parts, or not at all
    request.headers.host = 'localhost'; // Yoga makes it part of a URL, which throws when a client sends nonsense
    return api(request, response);
  };

/** An origin that is not listed gets no CORS header at all. */
const sharedWith = (origins: readonly string[]) =>
  cors({
    origin: (origin, callback) => callback(null, origin !== undefined && origins.includes(origin)),
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'X-Request-Id'],
  });
