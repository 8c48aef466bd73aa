import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Imports run one way: from a layer to its own or one further down. Biome forbids circles besides. */
const layers: { name: string; files: RegExp }[] = [
  { name: 'entry points', files: /^(main|banner|serve|stop-signals|features|index)\.ts$|^(cluster|manage)\// },
  { name: 'server', files: /^(server|services)\.ts$|^http\// },
  {
    name: 'context and schema',
    files:
      /^context\.ts$|^graphql\/(schema|yoga|graphiql|mask-error|begin-again|known-queries|open-streams|params|use-[\w-]+|limits|limit-rules)\.ts$/,
  },
  {
    name: 'GraphQL types and fields',
    files: /\.graphql\.ts$|^graphql\/(builder|accepted|connection|guards|credentials|mutation-outcomes|cost|selection-sum)\.ts$/,
  },
  { name: 'database', files: /^database\// },
  { name: 'use cases', files: /^(auth|account|demo|django|staff)\// },
  { name: 'background work', files: /^sweeping\/|^mail\/(post-office|compose-mail)\.ts$/ },
  {
    name: 'entities and repositories',
    files:
      /\.(entity|repository)\.ts$|^tokens\/(viewer-loader|use-recorder|token-counter|token-watch|expired-tokens|tokens-of-many)\.ts$|^links\/expired-links\.ts$|^mail\/settled-mails\.ts$/,
  },
  {
    name: 'rules and services',
    files:
      /^(passwords|observability|background|mail|throttling)\/|^links\/link-purpose\.ts$|^security-events\/security-event-kind\.ts$|^users\/(username|email|profile|user-order|user-page|user-search)\.ts$|^tokens\/(key|viewer|token-policy|device-name)\.ts$/,
  },
  {
    name: 'errors and configuration',
    files:
      /^(errors|statuses|outcome|client|field-errors|text|operator-error|private-folder|repeatable|loaded-columns|config)\.ts$|^(config|shared)\//,
  },
];

const files = globSync('**/*.ts', { cwd: 'src' });
const layerOf = (file: string) => layers.findIndex((layer) => layer.files.test(file));

function importsOf(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8');
  const values = source.matchAll(/^import (?!type )[^;]*?'(\.[^']+)';/gm);
  return [...values].map(([, path]) => normalize(join(file, '..', path ?? '')));
}

describe('src', () => {
  it.each(files)('%s has a place in the layers', (file) => {
    expect(layerOf(file)).not.toBe(-1);
  });

  it.each(files)('%s imports only from its own layer or one below', (file) => {
    const upward = importsOf(file).filter((imported) => !imported.startsWith('..') && layerOf(imported) < layerOf(file));
    expect(upward).toEqual([]);
  });
});
