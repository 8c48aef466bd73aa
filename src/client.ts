import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** The program at the other end, as far as its request shows. */
export type Client = {
  readonly ipAddress: string | null;
  /** At most 300 characters. */
  readonly userAgent: string;
  /** Aborted when it hangs up before it has its answer; null: it waits for none. */
  readonly signal: AbortSignal | null;
};

/** Whether a hop, counted from 0 at this server, is a proxy whose word on `X-Forwarded-For` counts. */
export type TrustHop = (address: string, hop: number) => boolean;

/** Without TRUST_PROXY. */
export const trustNobody: TrustHop = () => false;

/**
 * Reads TRUST_PROXY: a number of hops, or addresses and CIDR blocks separated by commas.
 * @throws TypeError for anything else
 */
export function trustOf(list: string): TrustHop {
  if (/^\d+$/.test(list)) return (_address, hop) => hop < Number(list);
  return proxyAddr.compile(list.split(',').map((address) => address.trim()));
}

/** Reads the client off a request. The User-Agent is whatever somebody wrote: cut, and freed of control characters. */
export const clientOf = (request: IncomingMessage, response: ServerResponse, trust: TrustHop): Client => ({
  ipAddress: addressOf(request, trust),
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300).replace(/\p{Cc}/gu, ' '),
  signal: hangUpOf(response),
});

function hangUpOf(response: ServerResponse): AbortSignal {
  if (response.destroyed) return AbortSignal.abort();
  const hangUp = new AbortController();
  response.once('close', () => response.writableFinished || hangUp.abort());
  return hangUp.signal;
}

/** Without trusted proxies the peer itself: anybody can write an `X-Forwarded-For`. A proxy may hand on nonsense. */
export function addressOf(request: IncomingMessage, trust: TrustHop): string | null {
  const peer = request.socket.remoteAddress;
  if (peer === undefined) return null;
  if (request.headers['x-forwarded-for'] === undefined && isIPv4(peer)) return peer; // the most frequent case, a good deal sooner
  const address = proxyAddr(request, trust);
  return ipaddr.process(ipaddr.isValid(address) ? address : peer).toString();
}
