import type { Limits } from '../shared/feature.ts';
import { OperatorError } from '../shared/operator-error.ts';

/** From and to: GraphiQL needs the lowest depth, and beyond the highest values one request could hold a server. */
const ranges: Readonly<Record<keyof Limits, readonly [number, number]>> = {
  aliases: [1, 100],
  depth: [13, 50],
  cost: [500, 100_000],
  page: [10, 1000],
};

/** @throws OperatorError for a limit that is none, or out of its range */
export function checkLimits(limits: Limits): void {
  for (const [name, [from, to]] of Object.entries(ranges)) {
    const limit: unknown = Reflect.get(limits, name);
    if (limit === undefined) continue;
    if (!Number.isInteger(limit) || Number(limit) < from || Number(limit) > to) {
      throw new OperatorError(`limits.${name} must be a whole number from ${from} to ${to}.`);
    }
  }
  const unknown = Object.keys(limits).find((name) => !Object.hasOwn(ranges, name));
  if (unknown) throw new OperatorError(`There is no limit "${unknown}". There are: ${Object.keys(ranges).join(', ')}.`);
}
