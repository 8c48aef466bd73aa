import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf, type TrustHop } from '../shared/client.ts';
import { hasForm } from '../shared/text.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { beginOperation, type Operation, outcomeOf } from './operation.ts';

/** What an id may look like that comes from outside: it goes into a header and the log. */
const wellFormed = /^[\w.:-]{1,100}$/;
const MAX_LENGTH = 100;

/** The request's id: the one that a trusted proxy has given it, else a new one. A client could choose the id of another request. */
export function requestIdOf({ headers, socket }: IncomingMessage, trust: TrustHop): string {
  const given = headers['x-request-id'];
  if (given === undefined) return randomUUID();
  const isTrusted = socket.remoteAddress !== undefined && trust(socket.remoteAddress, 0);
  return isTrusted && typeof given === 'string' && hasForm(given, wellFormed, MAX_LENGTH) ? given : randomUUID();
}

/** Reports what happens to requests: in the log, and to the metrics. */
export type Observer = {
  /** Gives a request its id, which every reply carries. */
  readonly identify: (request: IncomingMessage, response: ServerResponse) => void;
  /** A request for the API begins, after `identify`. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => Operation;
  /** It has been answered: one line in the log. */
  readonly finish: (operation: Operation) => void;
  /** A request was answered before it got to the API, or does not go there: refusals are a line, the rest one for LOG_LEVEL=debug. */
  readonly note: (request: IncomingMessage, response: ServerResponse) => void;
};

const HEADER = 'X-Request-Id';

type Options = { readonly log: Log; readonly metrics: Metrics | null; readonly trustHop: TrustHop };

export function createObserver({ log, metrics, trustHop }: Options): Observer {
  const idOf = (response: ServerResponse): string => String(response.getHeader(HEADER));
  return {
    identify: (request, response) => {
      response.setHeader(HEADER, requestIdOf(request, trustHop));
    },
    begin: (request, response) => beginOperation(idOf(response), addressOf(request, trustHop)),
    finish: (operation) => {
      const { requestId, type, name, userId, tokenId, address } = operation;
      const outcome = outcomeOf(operation);
      const milliseconds = performance.now() - operation.startedAt;
      metrics?.operation(operation, outcome, milliseconds / 1000);
      if (!log.isLevelEnabled('info')) return;
      const duration = Math.round(milliseconds * 1000) / 1000;
      log.info({ requestId, operation: name, type, duration, userId, tokenId, address, outcome }, 'operation');
    },
    note: (request, response) => {
      const status = response.statusCode;
      const line = { requestId: idOf(response), method: request.method, status, address: addressOf(request, trustHop) };
      if (status < 400 || status === 503) return log.debug(line, 'request');
      metrics?.refused(status);
      log.info(line, 'request refused');
    },
  };
}
