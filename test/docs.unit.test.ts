import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configurationReference, envExample } from '../schema/configuration.ts';
import { loadConfig } from '../src/config/config.ts';
import { groups, variableNames } from '../src/config/every-variable.ts';
import { defaultOf, documentation } from '../src/config/variable.ts';

const variables = groups.flatMap((group) => Object.entries(group.variables).map(([name, schema]) => ({ name, schema })));

describe('the documentation of the configuration', () => {
  it.each([
    ['.env.example', envExample],
    ['docs/configuration.md', configurationReference],
  ])('%s is what the code says; `npm run schema` prints it anew', (file, print) => {
    expect(readFileSync(file, 'utf8')).toBe(print());
  });

  it('names every variable that the server reads, each once', () => {
    const names = [...configurationReference().matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(variableNames));
    expect(names).toHaveLength(new Set(names).size);
    expect([...envExample().matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(names);
  });

  it('gives examples that the server accepts when all are uncommented', () => {
    const everything = parseEnv(envExample().replace(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(everything).sort()).toEqual(variables.map(({ name }) => name).sort());
    expect(() => loadConfig(everything)).not.toThrow();
  });

  it.each(variables)('has a default for $name that it accepts, and what holds without one in words', ({ name, schema }) => {
    const value = defaultOf(schema);
    const { inProduction, otherwise } = documentation.get(schema) ?? {};
    if (value === undefined) expect(otherwise).toBeTruthy();
    for (const text of [value, inProduction]) if (text !== undefined) expect(() => loadConfig({ [name]: text })).not.toThrow();
  });
});

it('every picture in the README is there, and small', () => {
  const pictures = [...readFileSync('README.md', 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
  expect(pictures).not.toEqual([]);
  for (const picture of pictures) expect(statSync(picture).size).toBeLessThan(100_000);
});
