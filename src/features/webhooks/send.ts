import { type LookupAddress, lookup } from 'node:dns';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Webhook } from 'standardwebhooks';
import type { WebhookSettings } from '../../config/webhooks.ts';

type Message = {
  /** The same at each attempt. */
  readonly id: string;
  readonly body: string;
  readonly signal: AbortSignal;
};

/** Milliseconds that a receiver may take. */
const TIMEOUT = 15_000;

/** Sends messages as Standard Webhooks has it. @throws unless the receiver answers with 2xx */
export function createSender({ url, secret, allowPrivate }: WebhookSettings) {
  const webhook = new Webhook(secret);
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const { request } = target.protocol === 'https:' ? https : http;
  const guard = allowPrivate ? {} : { lookup: publicLookup };
  return async ({ id, body, signal }: Message): Promise<void> => {
    if (!allowPrivate && isIP(host) !== 0) refusePrivate(host); // Node looks up names only
    const now = new Date();
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': 'graphql-token-auth',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, now, body),
    };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    const sent = request(target, { ...guard, method: 'POST', headers, agent: false, signal: limit }).end(body);
    const [response]: IncomingMessage[] = await once(sent, 'response');
    response?.destroy(); // what it says beyond its status is of no use, and may be without end
    const status = response?.statusCode ?? 0;
    if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`); // redirections are not followed
  };
}

/** Looks a name up and refuses it when any of its addresses is private: the one that is checked is the one that is connected to. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, []);
    try {
      for (const { address } of addresses) refusePrivate(address);
    } catch (refusal) {
      return callback(refusal instanceof Error ? refusal : new Error(String(refusal)), []);
    }
    const [first] = addresses;
    if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  });
};

/** A server that can be told where to send must not be a way into the network that it stands in, or to the cloud's metadata. */
function refusePrivate(address: string): void {
  const range = ipaddr.process(address).range();
  if (range !== 'unicast') throw new Error(`${address} is ${range}: WEBHOOK_ALLOW_PRIVATE=true allows it`);
}
