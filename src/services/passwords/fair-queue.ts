/** By what turns are taken: over address blocks, and within one over accounts. */
export type Lane = { readonly block: string; readonly account: string };

export type FairQueue<Item> = {
  /** Returns the item that has to leave because there are too many, if need be the new one: the newest in the fullest lane. */
  readonly add: (item: Item) => Item | undefined;
  /** Takes out the next item in turn; undefined when there is none. */
  readonly take: () => Item | undefined;
  /** Takes an item out of turn. Whether it was still there. */
  readonly remove: (item: Item) => boolean;
};

type Waiting<Item> = { readonly item: Item; readonly order: number };

/** What waits of an address block by account, the oldest first. */
type Block<Item> = Map<string, Waiting<Item>[]>;

/** A queue in which a lane waits no longer, and is turned away no sooner, because another one has more in it. @param limit items */
export function createFairQueue<Item extends { readonly lane: Lane }>(limit: number): FairQueue<Item> {
  const blocks = new Map<string, Block<Item>>(); // like a block itself in the order of turns: maps keep that of insertion
  let size = 0;
  let added = 0;

  const remove = (item: Item): boolean => {
    const { block, account } = item.lane;
    const accounts = blocks.get(block);
    const line = accounts?.get(account);
    const index = line?.findIndex((waiting) => waiting.item === item) ?? -1;
    if (!accounts || !line || index < 0) return false;
    line.splice(index, 1);
    size--;
    if (line.length === 0) accounts.delete(account);
    if (accounts.size === 0) blocks.delete(block);
    return true;
  };
  const add = (item: Item): Item | undefined => {
    const accounts = getOrAdd(blocks, item.lane.block, () => new Map());
    getOrAdd(accounts, item.lane.account, () => []).push({ item, order: added++ });
    if (++size <= limit) return undefined;
    const excess = newestOfFullest([...blocks.values()]);
    if (excess) remove(excess);
    return excess;
  };
  const take = (): Item | undefined => {
    const next = firstOf(firstOf(blocks))?.[0];
    if (!next) return undefined;
    const { block, account } = next.item.lane;
    moveToEnd(blocks, block);
    moveToEnd(blocks.get(block), account);
    remove(next.item);
    return next.item;
  };
  return { add, take, remove };
}

const firstOf = <Value>(map: ReadonlyMap<string, Value> | undefined): Value | undefined => map?.values().next().value;

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function moveToEnd<Value>(map: Map<string, Value> | undefined, key: string): void {
  const value = map?.get(key);
  map?.delete(key);
  if (value !== undefined) map?.set(key, value);
}

/** Of the blocks with most items the accounts with most; of these the item that came last. */
function newestOfFullest<Item>(blocks: readonly Block<Item>[]): Item | undefined {
  const fullest = greatest(blocks, (accounts) => [...accounts.values()].reduce((sum, { length }) => sum + length, 0));
  const lines = greatest(
    fullest.flatMap((accounts) => [...accounts.values()]),
    ({ length }) => length,
  );
  const last = lines.flatMap((line) => line.slice(-1));
  return greatest(last, ({ order }) => order)[0]?.item;
}

/** All those with the greatest measure. */
function greatest<Element>(elements: readonly Element[], measure: (element: Element) => number): Element[] {
  const measures = elements.map(measure);
  const most = Math.max(...measures);
  return elements.filter((_element, n) => measures[n] === most);
}
