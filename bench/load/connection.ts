import { connect, type Socket } from 'node:net';
import type { Shot } from './request.ts';

/** Sends one request at a time. @throws Error when the answer is not 200 with what is expected, or the connection breaks */
export type Connection = { readonly send: (shot: Shot) => Promise<void>; readonly close: () => void };

type Waiting = { readonly shot: Shot; readonly resolve: () => void; readonly reject: (error: Error) => void };

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const LIMIT = 60_000; // milliseconds; a server that is silent for so long has hung

/**
 * A keep-alive connection over bare TCP: every answer is checked at a few µs, where an HTTP client would cost as much as the
 * servers it measures. It understands what they send: a Content-Length, or chunks.
 */
export function openConnection(url: string): Connection {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setTimeout(LIMIT);
  let waiting: Waiting | undefined;
  let received: Buffer | undefined;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('data', (chunk) => {
    received = received ? Buffer.concat([received, chunk]) : chunk;
    if (!isComplete(received)) return;
    const [answer, { shot, resolve } = unasked] = [received, waiting];
    received = undefined;
    if (isRight(answer, shot)) resolve();
    else fail(new Error(`expected ${shot.expected}, got:\n${answer.toString()}`));
  });
  socket.on('error', fail);
  socket.on('timeout', () => fail(new Error(`no answer within ${LIMIT} ms`)));
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return { send: (shot) => send(socket, shot, (next) => (waiting = next)), close: () => socket.destroy() };
}

const unasked = { shot: { bytes: Buffer.alloc(0), expected: '' }, resolve: () => {} };

function send(socket: Socket, shot: Shot, wait: (waiting: Waiting) => void): Promise<void> {
  if (socket.destroyed) return Promise.reject(new Error('the server closed the connection'));
  return new Promise((resolve, reject) => {
    wait({ shot, resolve, reject });
    socket.write(shot.bytes);
  });
}

function isComplete(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: *(\d+)/i.exec(answer.toString('latin1', 0, end))?.[1];
  return length === undefined ? answer.subarray(-5).equals(LAST_CHUNK) : answer.length >= end + 4 + Number(length);
}

const isRight = (answer: Buffer, { expected }: Shot): boolean => answer.toString('latin1', 9, 12) === '200' && answer.includes(expected);
