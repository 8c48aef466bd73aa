import { describe, expect, it } from 'vitest';
import { createFairQueue, type Lane } from '../../../src/services/passwords/fair-queue.ts';

/** An item written as `block/account:what`. */
type Item = { readonly text: string; readonly lane: Lane };

function itemOf(text: string): Item {
  const [block = '', account = ''] = text.split(/[/:]/);
  return { text, lane: { block, account } };
}

const words = (text: string) => text.split(' ').filter((word) => word !== '');

/** Adds items to a queue, then empties it. What had to leave, and in which order the others had their turn. */
function serve(limit: number, added: string): { left: string[]; served: string[] } {
  const queue = createFairQueue<Item>(limit);
  const left = words(added).flatMap((text) => queue.add(itemOf(text))?.text ?? []);
  const served: string[] = [];
  for (let item = queue.take(); item; item = queue.take()) served.push(item.text);
  return { left, served };
}

describe('turns', () => {
  it.each([
    ['one account is served in the order in which it asked', 'a/x:1 a/x:2 a/x:3', 'a/x:1 a/x:2 a/x:3'],
    ['two blocks take turns, however many one has waiting', 'a/x:1 a/x:2 a/x:3 b/y:1 b/y:2', 'a/x:1 b/y:1 a/x:2 b/y:2 a/x:3'],
    ['two accounts of a block take turns', 'a/x:1 a/x:2 a/y:1 a/y:2', 'a/x:1 a/y:1 a/x:2 a/y:2'],
    ['a block has one turn, however many accounts it has', 'a/x:1 a/y:1 a/z:1 b/x:1 b/x:2', 'a/x:1 b/x:1 a/y:1 b/x:2 a/z:1'],
    ['one account from two addresses is in two lanes', 'a/x:1 a/x:2 b/x:1', 'a/x:1 b/x:1 a/x:2'],
    ['a name that JavaScript knows is a lane as any other', '__proto__/constructor:1 a/x:1', '__proto__/constructor:1 a/x:1'],
    ['an empty queue serves nobody', '', ''],
  ])('%s', (_rule, added, served) => {
    expect(serve(100, added)).toEqual({ left: [], served: words(served) });
  });

  it('a block that was served joins at the end again', () => {
    const queue = createFairQueue<Item>(100);
    for (const text of ['a/x:1', 'b/x:1', 'c/x:1']) queue.add(itemOf(text));
    const served = [queue.take()?.text];
    queue.add(itemOf('a/x:2'));
    for (let item = queue.take(); item; item = queue.take()) served.push(item.text);
    expect(served).toEqual(['a/x:1', 'b/x:1', 'c/x:1', 'a/x:2']);
  });

  it('an account that was served while others of its block waited comes after them', () => {
    const queue = createFairQueue<Item>(100);
    for (const text of ['a/x:1', 'a/x:2', 'a/y:1', 'a/z:1']) queue.add(itemOf(text));
    const served = Array.from({ length: 4 }, () => queue.take()?.text);
    expect(served).toEqual(['a/x:1', 'a/y:1', 'a/z:1', 'a/x:2']);
  });
});

describe('a full queue', () => {
  it.each([
    ['a newcomer from elsewhere stays, the newest of the fullest block leaves', 3, 'a/x:1 a/x:2 a/x:3 b/y:1', 'a/x:3'],
    ['the newcomer leaves when its own block has most', 3, 'a/x:1 a/x:2 b/y:1 a/x:3', 'a/x:3'],
    ['the newcomer leaves when nobody has more than it', 3, 'a/x:1 b/x:1 c/x:1 d/x:1', 'd/x:1'],
    ['in a block the account with most gives way, not one with less', 3, 'a/x:1 a/x:2 a/y:1 a/z:1', 'a/x:2'],
    ['among accounts with as many the newest item leaves', 4, 'a/x:1 a/y:1 a/x:2 a/y:2 b/z:1', 'a/y:2'],
    ['an office where each has one: who comes too late leaves', 2, 'a/x:1 a/y:1 a/z:1 a/w:1', 'a/z:1 a/w:1'],
    ['the fullest block counts, though an account elsewhere has more', 5, 'a/x:1 a/y:1 a/z:1 b/x:1 b/x:2 c/x:1', 'a/z:1'],
    [
      'a flood is pushed out until it has as much as the others',
      4,
      'a/x:1 a/x:2 a/x:3 a/x:4 b/x:1 c/x:1 d/x:1 e/x:1',
      'a/x:4 a/x:3 a/x:2 e/x:1',
    ],
  ])('%s', (_rule, limit, added, left) => {
    const outcome = serve(limit, added);
    expect(outcome.left).toEqual(words(left));
    expect(outcome.served.toSorted()).toEqual(
      words(added)
        .filter((text) => !outcome.left.includes(text))
        .toSorted(),
    );
  });

  it('has room again when an item was taken out of turn, once', () => {
    const queue = createFairQueue<Item>(2);
    const [first, second] = [itemOf('a/x:1'), itemOf('a/x:2')];
    queue.add(first);
    queue.add(second);
    expect([queue.remove(first), queue.remove(first), queue.remove(itemOf('a/x:2'))]).toEqual([true, false, false]);
    expect(queue.add(itemOf('b/x:1'))).toBeUndefined();
    expect([queue.take(), queue.take(), queue.take()].map((item) => item?.text)).toEqual(['a/x:2', 'b/x:1', undefined]);
  });
});
