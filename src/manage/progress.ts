import { SingleBar } from 'cli-progress';
import type { Progress } from '../django/progress.ts';

/** Shows on stderr how far a long piece of work is, its rate and the time left: a bar in a terminal, else a line every few seconds. */
export function createProgress(what: string): Progress {
  const started = performance.now();
  let done = 0;
  const rate = () => `${Math.round(done / Math.max(0.001, (performance.now() - started) / 1000))}/s`;
  const bar = new SingleBar({
    format: `{bar} {percentage} % of {total} ${what}, {rate}, {eta_formatted} left`,
    formatBar: (progress, options) =>
      process.stderr.isTTY ? '█'.repeat(Math.round(progress * (options.barsize ?? 40))).padEnd(options.barsize ?? 40, '░') : '',
    barsize: 40,
    etaBuffer: 20,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    gracefulExit: true,
  });
  return {
    start: (total) => bar.start(total, 0, { rate: '' }),
    advance: (by) => {
      done += by;
      bar.update(done, { rate: rate() });
    },
    stop: () => bar.stop(),
  };
}
