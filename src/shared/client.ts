import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
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

/** Reads the client off a request. The User-Agent is any text that the client sent: cut, and freed of control characters. */
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

/** Without trusted proxies the peer itself: any client can write an `X-Forwarded-For`. Where a proxy hands on nonsense, that proxy. */
export function addressOf({ socket, headers }: IncomingMessage, trust: TrustHop): string | null {
  const peer = socket.remoteAddress;
  const forwarded = headers['x-forwarded-for'];
  if (peer === undefined) return null;
  if (forwarded === undefined && isIPv4(peer)) return peer; // the most frequent case, a good deal sooner
  const entries = String(forwarded ?? '').split(',');
  let client = readAddress(peer);
  for (let hop = 0; client !== null && entries.length > 0 && trust(client, hop); hop++) {
    const next = readAddress(entries.pop() ?? '');
    if (next === null) break;
    client = next;
  }
  return client;
}

/** As proxies write them: `[2001:db8::1]:443`, `203.0.113.7:1234`, `"203.0.113.7"`, `fe80::1%eth0`. */
const written =
  /^"?(?:\[(?<bracketed>[^\]%]{2,45})(?:%[^\]]*)?\](?::\d{1,5})?|(?<v4>[\d.]{7,15})(?::\d{1,5})?|(?<v6>[^%"]{2,45})(?:%[^"]*)?)"?$/;

/** An address in its shortest form, without port and zone; null for what is none. */
function readAddress(text: string): string | null {
  const { bracketed, v4, v6 } = written.exec(text.trim())?.groups ?? {};
  const address = bracketed ?? v4 ?? v6 ?? '';
  return isIP(address) === 0 ? null : ipaddr.process(address).toString();
}

/**
 * What counts as one address: an IPv4 address, or the /64 that a customer of an IPv6 provider has to themselves.
 * @param address null when the connection was gone before it could be read: all of those count as one
 */
export function addressBlock(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address); // an IPv4-mapped IPv6 address becomes IPv4
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`;
}
