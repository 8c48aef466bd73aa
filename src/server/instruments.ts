import type { Config } from '../config/config.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';

/** What a server is watched with; null: not wanted. */
export type Instruments = { readonly metrics: Metrics | null; readonly tracing: Tracing | null };

/** Loads what the configuration asks for; what it does not costs nothing. */
export const openInstruments = async ({ metrics, tracing }: Pick<Config, 'metrics' | 'tracing'>): Promise<Instruments> => ({
  metrics: metrics ? (await import('../observability/metrics.ts')).createMetrics() : null,
  tracing: tracing ? (await import('../observability/opentelemetry.ts')).createTracing(tracing) : null,
});
