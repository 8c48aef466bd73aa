import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { until } from '../until.ts';

/** A span as it was received. Ids are in hex. */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly failed: boolean;
};

export type Collector = {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Everything received, byte for byte. */
  readonly raw: () => string;
  /** Paths and content types of the requests. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
};

/** An OpenTelemetry collector that keeps what it gets. */
export async function openCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const chunks: Buffer[] = [];
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    chunks.push(body);
    requests.push(`${request.url} ${request.headers['content-type']}`);
    spans.push(...spansOf(body));
    response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await until(() => server.listening);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, spans, raw: () => Buffer.concat(chunks).toString('latin1'), requests, close };
}

/** The fields of a protobuf message by their numbers; numbers themselves are of no interest here but for small ones. */
function fieldsOf(bytes: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const lengthOf = (wireType: number) => (wireType === 2 ? varint() : wireType === 1 ? 8 : 4);
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (key % 8 === 0) fields.set(number, [...(fields.get(number) ?? []), Buffer.from([Math.min(varint(), 255)])]);
    else {
      const length = lengthOf(key % 8);
      fields.set(number, [...(fields.get(number) ?? []), bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}

/** opentelemetry/proto/trace/v1/trace.proto: the request holds resource spans (1), those scope spans (2), those spans (2). */
const spansOf = (request: Buffer): ReceivedSpan[] =>
  all(request, 1)
    .flatMap((resource) => all(resource, 2))
    .flatMap((scope) => all(scope, 2))
    .map((span) => ({
      traceId: first(span, 1).toString('hex'),
      spanId: first(span, 2).toString('hex'),
      parentId: first(span, 4).toString('hex'),
      name: first(span, 5).toString(),
      attributes: Object.fromEntries(all(span, 9).map((pair) => [first(pair, 1).toString(), first(first(pair, 2), 1).toString()])),
      failed: first(first(span, 15), 3)[0] === 2,
    }));

const all = (message: Buffer, field: number): Buffer[] => fieldsOf(message).get(field) ?? [];
const first = (message: Buffer, field: number): Buffer => all(message, field)[0] ?? Buffer.alloc(0);
