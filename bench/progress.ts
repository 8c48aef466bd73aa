import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** One more step is done. */
  readonly tick: () => void;
  readonly stop: () => void;
};

/** Shows how far a benchmark is, and for how long it will go on. @param steps of about the same length */
export function showProgress(steps: number): Progress {
  const format = ' {bar} {percentage} % | {duration_formatted} gone, about {eta_formatted} to go';
  const bar = new SingleBar(
    { format, noTTYOutput: true, notTTYSchedule: 15_000, etaBuffer: 30, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(steps, 0);
  return { tick: () => bar.increment(), stop: () => bar.stop() };
}
