import { setTimeout } from 'node:timers/promises';

/** Waits for a condition, looking every 20 ms; fails after `within` milliseconds. */
export async function until(condition: () => Promise<boolean> | boolean, within = 10_000): Promise<void> {
  const end = Date.now() + within;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`it did not come true within ${within} ms: ${condition}`);
    await setTimeout(20);
  }
}
