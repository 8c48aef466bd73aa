import { describe, expect, it } from 'vitest';
import type { Asker } from '../../../src/services/passwords/asker.ts';
import { createTurns } from '../../../src/services/passwords/turns.ts';

const MINUTE = 60_000;
const from = (block: string, signal: AbortSignal | null = null): Asker => ({ block, account: 'x', signal });

/** Work that is done when the test says so. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, finish: () => resolve('done'), fail: () => reject(new Error('broken')) };
}

describe('work in turns', () => {
  it('runs as much at once as there are places, the rest when one is free', async () => {
    const turns = createTurns({ places: 2, queue: 10, wait: MINUTE });
    const [first, second, third] = [task(), task(), task()];
    const begun: string[] = [];
    const run = (name: string, { work }: ReturnType<typeof task>) =>
      turns.take(from(name), () => {
        begun.push(name);
        return work();
      });
    const results = [run('first', first), run('second', second), run('third', third)];
    await Promise.resolve();
    expect(begun).toEqual(['first', 'second']);
    second.finish();
    expect(await results[1]).toBe('done');
    third.finish();
    first.finish();
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done']);
    expect(begun).toEqual(['first', 'second', 'third']);
  });

  it('frees the place of work that fails', async () => {
    const turns = createTurns({ places: 1, queue: 10, wait: MINUTE });
    const broken = task();
    const failed = turns.take(from('a'), broken.work);
    const next = turns.take(from('b'), async () => 'next');
    broken.fail();
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });

  it('is null for what has waited for too long, and the place is not lost', async () => {
    const turns = createTurns({ places: 1, queue: 10, wait: 5 });
    const long = task();
    const running = turns.take(from('a'), long.work);
    expect(await turns.take(from('b'), async () => 'too late')).toBeNull();
    long.finish();
    expect(await running).toBe('done');
    expect(await turns.take(from('b'), async () => 'in time')).toBe('in time');
  });

  it('is null for what gives way in a full queue', async () => {
    const turns = createTurns({ places: 1, queue: 2, wait: MINUTE });
    const long = task();
    const running = turns.take(from('flood'), long.work);
    const waiting = ['flood', 'flood', 'elsewhere'].map((block, n) => turns.take(from(block), async () => n));
    expect(await waiting[1]).toBeNull();
    long.finish();
    expect(await Promise.all([running, ...waiting])).toEqual(['done', 0, null, 2]);
  });

  it('leaves the queue when its answer is not waited for any more, and is never begun', async () => {
    const turns = createTurns({ places: 1, queue: 1, wait: MINUTE });
    const long = task();
    const running = turns.take(from('a'), long.work);
    const hangUp = new AbortController();
    const abandoned = turns.take(from('b', hangUp.signal), async () => 'for nobody');
    hangUp.abort();
    expect(await abandoned).toBeNull();
    expect(await turns.take(from('b', hangUp.signal), async () => 'for nobody')).toBeNull();
    const next = turns.take(from('c'), async () => 'next'); // there is room for it
    long.finish();
    expect([await running, await next]).toEqual(['done', 'next']);
  });

  it('is finished once it has begun, whether its answer is waited for or not', async () => {
    const turns = createTurns({ places: 1, queue: 1, wait: MINUTE });
    const begun = task();
    const hangUp = new AbortController();
    const running = turns.take(from('a', hangUp.signal), begun.work);
    await Promise.resolve();
    hangUp.abort();
    begun.finish();
    expect(await running).toBe('done');
  });
});
