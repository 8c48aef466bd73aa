import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observability/metrics.ts';
import { labelOf } from '../../src/observability/operation.ts';

type Metric = { readonly name: string; readonly type: string; readonly labels: string };

const metrics = createMetrics();
metrics.watch({ connections: () => null, queuedMails: async () => null, queuedEvents: async () => null });
// biome-ignore lint/suspicious/noExplicitAny: prom-client does not type what it lists
const measured: Metric[] = metrics.registry.getMetricsAsArray().map((metric: any) => ({
  name: metric.name,
  type: metric.type,
  labels: metric.labelNames.map((label: string) => `\`${label}\``).join(', '),
}));

const page = readFileSync('docs/metrics.md', 'utf8');

describe('docs/metrics.md', () => {
  it('lists every metric there is, with its type and labels, and no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)].map(([, name, type, labels = '']) => ({
      name,
      type,
      labels: labels.trim(),
    }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) => String(a.name).localeCompare(String(b.name));
    expect(rows.sort(byName)).toEqual(measured.sort(byName));
  });

  it('names in its alerts only what there is', () => {
    expect(unknownIn(page)).toEqual([]);
  });

  it('lists the outcomes', () => {
    const outcomes = [...page.matchAll(/`(\d{3} [A-Z ]+|[A-Z]+_[A-Z_]+|OK|FORBIDDEN|UNAUTHENTICATED)`/g)].map(
      ([, outcome = '']) => outcome,
    );
    const variables = ['METRICS', 'WORKERS', 'HASH_QUEUE', 'HASH_WAIT', 'TOKEN_LIMIT'];
    expect(outcomes.filter((outcome) => !variables.includes(outcome) && labelOf(outcome) !== outcome)).toEqual([]);
  });
});

describe('the dashboard for Grafana', () => {
  const dashboard = JSON.parse(readFileSync('deploy/grafana/graphql-token-auth.json', 'utf8'));
  const expressions: string[] = dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr));

  it('asks only for metrics and labels that there are', () => {
    expect(expressions.length).toBeGreaterThan(15);
    expect(unknownIn(expressions.join('\n'))).toEqual([]);
    const labels = [...expressions.join('\n').matchAll(/by \((\w+)\)|[{,](\w+)[=!]/g)].map(([, by, filter]) => by ?? filter);
    const known = new Set(['instance', 'le', ...measured.flatMap((metric) => metric.labels.match(/\w+/g) ?? [])]);
    expect(labels.filter((label = '') => !known.has(label))).toEqual([]);
  });

  it('shows each of our own metrics', () => {
    const own = measured.filter(({ name }) => name.startsWith('graphql_token_auth_'));
    expect(own.filter(({ name }) => !expressions.some((expression) => expression.includes(name)))).toEqual([]);
  });
});

/** What looks like a metric and is none; histograms have series of their own. */
function unknownIn(text: string): string[] {
  const series = measured.flatMap(({ name, type }) =>
    type === 'histogram' ? ['_bucket', '_count', '_sum', ''].map((s) => name + s) : [name],
  );
  return [...text.matchAll(/\b(?:graphql_token_auth|nodejs|process)_\w+/g)].map(([name]) => name).filter((name) => !series.includes(name));
}

describe('an outcome as a label', () => {
  it('is one of errors.ts, each of which has one', () => {
    const codes = [...readFileSync('src/shared/errors.ts', 'utf8').matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code);
    const reasons = ['MISSING', 'WRONG_SCHEME', 'MALFORMED', 'INVALID', 'EXPIRED', 'INACTIVE'];
    const found = codes.filter((code) => !reasons.includes(code));
    expect(found).toContain('UNAUTHENTICATED');
    expect(found.filter((code) => labelOf(code) !== code)).toEqual([]);
  });

  it.each(['', 'ok', 'undefined', 'x'.repeat(1000), '500 MADE UP'])('is OTHER for anything else: %s', (outcome) => {
    expect(labelOf(outcome)).toBe('OTHER');
  });
});
