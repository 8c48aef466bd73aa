import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variableNames } from '../src/config/config.ts';

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

it('every picture in the README is there, and small', () => {
  const pictures = [...readFileSync('README.md', 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
  expect(pictures).not.toEqual([]);
  for (const picture of pictures) expect(statSync(picture).size).toBeLessThan(100_000);
});
