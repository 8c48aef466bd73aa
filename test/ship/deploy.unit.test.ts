import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';
import { variableNames } from '../../src/config/every-variable.ts';

type Service = { image?: string; build?: string; environment?: Record<string, string>; volumes?: string[]; depends_on?: object };
type Compose = { services: Record<string, Service>; volumes: Record<string, null> };

const source = readFileSync('deploy/compose.yaml', 'utf8');
const compose: Compose = parse(source, { merge: true });
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const example = readFileSync('deploy/.env.example', 'utf8');

/** As the engine fills `${NAME:-default}` and `${NAME:?}` in. */
const given: Record<string, string> = Object.fromEntries(
  [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [name, value || 'Secret1']),
);
const filled = (value: string) =>
  value.replace(/\$\{([A-Z_]+)(?::-([^}]*)|:\?)\}/g, (_, name: string, otherwise = '') => given[name] ?? otherwise);
const filledIn = (environment: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));

describe('deploy/compose.yaml', () => {
  it('has three nodes and what they need', () => {
    expect(ours.map(([name]) => name)).toEqual(['node1', 'node2', 'node3', 'migrate']);
  });

  it.each(ours)('gives %s variables that exist, and values that are valid', (_name, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !variableNames.includes(name))).toEqual([]);
    const config = loadConfig({ NODE_ENV: 'production', ...filledIn(environment) });
    expect(config.databaseUrl).toMatch(/^postgres:/);
  });

  it.each(services)('lets %s mount only files that are there and volumes that are declared', (_name, { volumes = [] }) => {
    for (const [from = ''] of volumes.map((volume) => volume.split(':'))) {
      expect(from.startsWith('.') ? existsSync(join('deploy', from)) : from in compose.volumes, from).toBe(true);
    }
  });

  it.each(services)('lets %s depend only on services that there are', (_name, { depends_on = {} }) => {
    const names = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
    expect(names.filter((name) => !(name in compose.services))).toEqual([]);
  });

  it('takes from the environment only what deploy/.env.example names', () => {
    const wanted = new Set([...source.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    const named = new Set([...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name));
    expect(named).toEqual(wanted);
  });

  it.each(['deploy/Caddyfile', 'deploy/prometheus/prometheus.yml'])('names in %s its own nodes', (file) => {
    const hosts = [...readFileSync(file, 'utf8').matchAll(/\b(node\d):\d+/g)].map(([, host]) => host);
    expect(hosts).toEqual(['node1', 'node2', 'node3']);
  });
});

it('every alert of Prometheus is about a metric that docs/metrics.md explains', () => {
  const { groups } = parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8'));
  const explained = readFileSync('docs/metrics.md', 'utf8');
  for (const { alert, expr } of groups.flatMap(({ rules }: { rules: { alert: string; expr: string }[] }) => rules)) {
    const metrics = [...expr.matchAll(/\b(?:graphql_token_auth|nodejs|process)_\w+/g)].map(([name]) => name);
    for (const metric of metrics) expect(explained, alert).toContain(metric.replace(/_(bucket|count|sum)$/, ''));
    expect(metrics.length > 0 || expr.startsWith('up{')).toBe(true);
  }
});
