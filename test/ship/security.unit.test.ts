import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const security = readFileSync('SECURITY.md', 'utf8');
const asvs = readFileSync('docs/asvs.md', 'utf8');

/** How many requirements each section of ASVS 5.0.0 has. */
const sections = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
  ...{ '8.1': 4, '8.2': 4, '8.3': 3, '8.4': 2 },
};

const MET = 'met';
const MET_WITH_MAIL = 'met with `SMTP_URL`';
const NOT_MET = '**not met**';
const NOT_APPLICABLE = 'not applicable';

describe.each(['SECURITY.md', 'docs/asvs.md'])('%s', (document) => {
  const text = readFileSync(document, 'utf8');
  const named = [...new Set([...text.matchAll(/`((?:test|docs)\/[\w./-]+|SECURITY\.md)`/g)].map(([, file = '']) => file))];
  const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

  it.each(named)('names %s, which is there', (file) => {
    expect(existsSync(file)).toBe(true);
  });

  it('names no script that package.json does not have', () => {
    const run = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const promises = [...security.matchAll(/^\| (?!promise)([^|]+) \| ([^|]+) \|$/gm)];

  it('names a test for every promise', () => {
    expect(promises.length).toBeGreaterThan(20);
    expect(promises.filter(([, , tests = '']) => !tests.includes('`test/')).map(([, promise]) => promise)).toEqual([]);
  });
});

describe('docs/asvs.md', () => {
  const rows = [...asvs.matchAll(/^\| (\d\.\d\.\d+) \| [^|]+ \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$/gm)];

  it('has every requirement of chapters V6 to V8 once, in order', () => {
    const all = Object.entries(sections).flatMap(([section, count]) => Array.from({ length: count }, (_, i) => `${section}.${i + 1}`));
    expect(rows.map(([, number]) => number)).toEqual(all);
  });

  it('says of what is met where it is shown, and of what is not why', () => {
    for (const [row, , verdict = '', how = '', where = ''] of rows) {
      expect([MET, MET_WITH_MAIL, NOT_MET, NOT_APPLICABLE], row).toContain(verdict);
      if (verdict.startsWith(MET)) expect(where, row).toMatch(/`(?:test|docs)\/|`SECURITY\.md`/);
      if (verdict === NOT_MET) expect(how.trim(), row).not.toBe('');
    }
  });

  it('counts them', () => {
    const count = (verdict: string) => rows.filter((row) => row[2] === verdict).length;
    const met = `${count(MET)} met, ${count(MET_WITH_MAIL)} met only where \`SMTP_URL\` is set`;
    expect(asvs).toContain(`${rows.length} requirements: ${met}, ${count(NOT_MET)} not met, ${count(NOT_APPLICABLE)} not applicable.`);
  });
});
