import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

describe('METRICS', () => {
  it.each([
    { given: '9464', metrics: { host: '127.0.0.1', port: 9464 } },
    { given: '0.0.0.0:9464', metrics: { host: '0.0.0.0', port: 9464 } },
    { given: '[::1]:0', metrics: { host: '::1', port: 0 } },
    { given: 'localhost:65535', metrics: { host: 'localhost', port: 65_535 } },
  ])('may be $given; a port alone is for this machine only', ({ given, metrics }) => {
    expect(loadConfig({ METRICS: given, NODE_ENV: 'production' }).metrics).toEqual(metrics);
  });

  it.each(['on', '65536', ':9464', '::1:9464', 'http://localhost:9464', 'a b:9464', '0x1f', '-1'])('cannot be %s', (given) => {
    expect(() => loadConfig({ METRICS: given })).toThrow('METRICS must be a port, or an address and a port like 0.0.0.0:9464');
  });
});

describe('tracing', () => {
  it('is switched on by the address of a collector', () => {
    const collector = 'http://localhost:4318';
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    expect(loadConfig(env).tracing).toEqual({ collector, serviceName: 'graphql-token-auth', share: 1 });
    const more = { ...env, OTEL_SERVICE_NAME: 'auth', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(loadConfig(more).tracing).toEqual({ collector, serviceName: 'auth', share: 0.25 });
  });

  it.each([
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, message: 'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL' },
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://localhost:4317' }, message: 'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL' },
    { env: { OTEL_TRACES_SAMPLER_ARG: '1.5' }, message: 'OTEL_TRACES_SAMPLER_ARG must be a share' },
    { env: { OTEL_TRACES_SAMPLER_ARG: '10%' }, message: 'OTEL_TRACES_SAMPLER_ARG must be a share' },
  ])('cannot be set by $env', ({ env, message }) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});

it('the log is for people in development only', () => {
  expect(loadConfig({}).prettyLog).toBe(true);
  expect(loadConfig({ NODE_ENV: 'production' }).prettyLog).toBe(false);
  expect(loadConfig({ NODE_ENV: 'test' }).prettyLog).toBe(false);
});
