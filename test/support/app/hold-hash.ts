import { Piscina } from 'piscina';
import { vi } from 'vitest';

/** Keeps the next hash of this process from beginning until it is released; those after it go on. */
export function holdHash() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = Piscina.prototype.run;
  const spy = vi.spyOn(Piscina.prototype, 'run').mockImplementationOnce(async function (this: Piscina, task) {
    await promise;
    return run.call(this, task);
  });
  const release = () => {
    resolve();
    spy.mockRestore();
  };
  return { isHeld: () => spy.mock.calls.length > 0, release };
}
