import { SingleBar } from 'cli-progress';
import type { Shell } from './shell.ts';

/** Notes how much more is done. */
export type Advance = (by: number) => void;

type Options = {
  readonly label: string;
  /** Undefined: nobody knows. */
  readonly total?: number;
};

/** Shows how far `work` has come, on standard error, where somebody watches. */
export async function withProgress<Result>(
  { stderr }: Pick<Shell, 'stderr'>,
  { label, total }: Options,
  work: (advance: Advance) => Promise<Result>,
): Promise<Result> {
  if (!stderr.isTTY || total === 0) return work(() => {});
  const format = total === undefined ? `${label}: {value}` : `${label}: [{bar}] {value}/{total}, {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: stderr, clearOnComplete: true, hideCursor: null, etaBuffer: 100 });
  bar.start(total ?? 0, 0);
  return work((by) => bar.increment(by)).finally(() => bar.stop());
}
