import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variableNames } from '../src/config.ts';

describe('every configuration variable is documented', () => {
  const [readme, example] = ['README.md', '.env.example'].map((file) => readFileSync(file, 'utf8'));

  it.each(variableNames)('%s', (name) => {
    expect(readme).toContain(`\`${name}\``);
    expect(example).toMatch(new RegExp(`^#${name}=`, 'm'));
  });

  it('and nothing else is in .env.example', () => {
    const listed = [...(example ?? '').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.filter((name) => !name?.startsWith('SUPERUSER_'))).toEqual(variableNames);
  });
});
