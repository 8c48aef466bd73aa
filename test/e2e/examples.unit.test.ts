import { globSync, readFileSync } from 'node:fs';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import config from '../../examples/codegen.ts';

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;

describe('the example front ends', () => {
  it('have the types that npm run examples:codegen makes', async () => {
    for (const { filename, content } of await generate({ ...config, silent: true }, false)) {
      expect(readFileSync(filename, 'utf8')).toBe(content);
    }
  });

  it.each(['apollo-react', 'urql-react'])('%s has fewer than 400 lines, what it shares included', (name) => {
    const files = globSync(`examples/{shared,${name}}/*.{ts,tsx,html,css,graphql}`, { exclude: ['**/*.generated.ts'] });
    expect(files.length).toBeGreaterThan(10);
    expect(files.reduce((sum, file) => sum + linesOf(file), 0)).toBeLessThan(400);
  });
});
