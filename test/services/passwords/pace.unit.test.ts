import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../../src/services/passwords/pace.ts';

/** Milliseconds that a refusal is held back. */
async function delay(pace: Pace, work: string, milliseconds: number): Promise<number> {
  const start = performance.now();
  await pace.settle(work, milliseconds);
  return performance.now() - start;
}

describe('a refusal is held back until it took as long as the slowest kind', () => {
  it('and not at all where all hashes are of one kind', async () => {
    const pace = createPace();
    await delay(pace, 'ours', 500);
    expect(await delay(pace, 'ours', 1)).toBeLessThan(100);
  });

  it('whichever kind that is, ours or another', async () => {
    const pace = createPace();
    await delay(pace, 'ours', 20);
    expect(await delay(pace, 'md5', 0)).toBeGreaterThanOrEqual(20);
    await delay(pace, 'pbkdf2', 100);
    expect(await delay(pace, 'ours', 20)).toBeGreaterThanOrEqual(80);
  });

  it('however many quick ones came since', async () => {
    const pace = createPace();
    await delay(pace, 'pbkdf2', 60);
    for (let n = 0; n < 30; n++) await pace.settle(`quick-${n % 2}`, 60);
    expect(await delay(pace, 'quick-0', 0)).toBeGreaterThanOrEqual(60);
  });

  it('but for two seconds at most, after a moment in which everything stood still', async () => {
    const pace = createPace();
    await delay(pace, 'ours', 60_000);
    expect(await delay(pace, 'md5', 1900)).toBeLessThan(1000);
  });
});
