import { z } from 'zod';
import { documentation } from './variable.ts';

/** The settings from `OTEL_*`. The exporter itself reads the other `OTEL_EXPORTER_OTLP_*`, such as its headers. */
export type TracingSettings = {
  /** The collector's base URL. */
  readonly collector: string;
  readonly serviceName: string;
  /** The share of traces that begin here to record. The caller decides about the others. */
  readonly share: number;
};

/** Where to listen. */
export type Endpoint = { readonly host: string; readonly port: number };

const endpointPattern = /^(?:(?<host>[^\s:/[\]]+|\[[\da-fA-F:.]+\]):)?(?<port>\d{1,5})$/;

/** A port without a host listens on this machine only, because metrics are not public. */
const endpoint = z.string().transform((text, context): Endpoint => {
  const { host = '127.0.0.1', port } = endpointPattern.exec(text)?.groups ?? {};
  if (port !== undefined && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  context.addIssue({ code: 'custom', message: 'must be a port, or an address and a port like 0.0.0.0:9464' });
  return z.NEVER;
});

const isHttpUrl = (value: string) => URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const share = z
  .string()
  .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a share from 0 to 1, like 0.1')
  .transform(Number);

/** The variables about what operators see. */
export const observabilityVariables = {
  LOG_LEVEL: z
    .enum(levels, 'must be trace, debug, info, warn, error, fatal or silent')
    .prefault('info')
    .register(documentation, { what: 'How much to log: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.' }),
  METRICS: endpoint.optional().register(documentation, {
    what: 'Where Prometheus finds `/metrics`: a port of this machine, or an address and a port like `0.0.0.0:9464`.',
    more: 'See [metrics.md](metrics.md).',
    example: '9464',
    otherwise: 'off',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().refine(isHttpUrl, 'must be a URL like http://localhost:4318').optional().register(documentation, {
    what: 'The OpenTelemetry collector that gets traces, by OTLP over HTTP.',
    more: 'The standard variables `OTEL_EXPORTER_OTLP_HEADERS` and so on set its headers, certificate, timeout and compression.',
    example: 'http://localhost:4318',
    otherwise: 'off',
  }),
  OTEL_SERVICE_NAME: z.string().prefault('graphql-token-auth').register(documentation, { what: 'The name of this service in traces.' }),
  OTEL_TRACES_SAMPLER_ARG: share.prefault('1').register(documentation, {
    what: 'The share of requests to trace, from 0 to 1.',
    more: 'A client that sends a `traceparent` decides about its own requests.',
  }),
};

const shape = z.object(observabilityVariables);

/** The settings; null: nothing is traced. */
export function tracingSettings(values: z.output<typeof shape>): TracingSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collector } = values;
  if (collector === undefined) return null;
  return { collector, serviceName: values.OTEL_SERVICE_NAME, share: values.OTEL_TRACES_SAMPLER_ARG };
}
