import { setTimeout as wait } from 'node:timers/promises';
import { type Attributes, defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/observability.ts';
import { outcomeOf } from './operation.ts';
import type { Tracing } from './tracing.ts';

const LONGEST_FLUSH = 3000; // milliseconds; a collector that is away must not hold up the end of the program

const FAULTS = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];

/** Sends spans to an OpenTelemetry collector, by OTLP over HTTP. Import it only where it is wanted: it costs 0.1 s and 15 MB. */
export function createTracing({ collector, serviceName, share }: TracingSettings): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${collector.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('graphql-token-auth');
  const contexts = new AsyncLocalStorageContextManager().enable();
  const propagator = new W3CTraceContextPropagator();

  return {
    request: (request, response, work) => {
      const caller = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': String(request.method), 'http.route': '/graphql' };
      const span = tracer.startSpan(`${request.method} /graphql`, { kind: SpanKind.SERVER, attributes }, caller);
      response.once('close', () => {
        span.setAttribute('http.response.status_code', response.statusCode);
        if (response.statusCode >= 500) fail(span);
        span.end();
      });
      contexts.with(trace.setSpan(caller, span), work);
    },
    operation: async (operation, work) => {
      const span = tracer.startSpan('graphql', {}, contexts.active());
      try {
        return await contexts.with(trace.setSpan(contexts.active(), span), work);
      } finally {
        const outcome = outcomeOf(operation);
        const { type, name, requestId } = operation;
        const attributes: Attributes = { 'graphql.operation.type': type, 'graphql.outcome': outcome, 'request.id': requestId };
        span.updateName(type === 'none' ? 'graphql' : type); // names of operations are the clients': too many to name spans by
        span.setAttributes(name === null ? attributes : { ...attributes, 'graphql.operation.name': name });
        if (FAULTS.includes(outcome)) fail(span);
        span.end();
      }
    },
    query: ({ verb, table }) => {
      if (!trace.getSpan(contexts.active())) return () => {}; // outside any request: the queue of mails is looked at every two seconds
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': verb, ...(table && { 'db.collection.name': table }) };
      const span = tracer.startSpan(table ? `${verb} ${table}` : verb, { kind: SpanKind.CLIENT, attributes }, contexts.active());
      return (error) => {
        if (error) fail(span);
        span.end();
      };
    },
    close: () => Promise.race([provider.shutdown().catch(() => {}), wait(LONGEST_FLUSH, undefined, { ref: false })]),
  };
}

/** Without the error's message, which may quote values. */
const fail = (span: Span): unknown => span.setStatus({ code: SpanStatusCode.ERROR });
