import { SingleBar } from 'cli-progress';
import type { Progress } from '../../django/import-report.ts';
import type { Shell } from './shell.ts';

/** Notes how much more is done. */
export type Advance = (by: number) => void;

type Options = {
  readonly label: string;
  /** Undefined: not known. */
  readonly total?: number;
};

/** Shows how far `work` has come, on standard error, if that is a terminal. */
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

const SECONDS_BETWEEN_LINES = 5;

/** Shows on standard error how many users are done, at what rate and for how long yet: a bar in a terminal, else a line now and then. */
export function takeoverProgress({ stderr }: Pick<Shell, 'stderr'>): Progress {
  const started = performance.now();
  let done = 0;
  const rate = () => `${Math.round((done * 1000) / Math.max(1, performance.now() - started))} a second`;
  const bar = new SingleBar({
    format: `${stderr.isTTY ? '[{bar}] ' : ''}{value}/{total} users, {rate}, {eta_formatted} left`,
    stream: stderr,
    hideCursor: null,
    etaBuffer: 20,
    noTTYOutput: true,
    notTTYSchedule: SECONDS_BETWEEN_LINES * 1000,
  });
  return {
    start: (total) => bar.start(total, 0, { rate: rate() }),
    advance: (by) => {
      done += by;
      bar.update(done, { rate: rate() });
    },
    stop: () => bar.stop(),
  };
}
