/**
 * Mann–Whitney U: whether one sample tends to be larger than the other.
 * @returns two-sided p by the normal approximation, good for samples of more than 20, and how often a value of `a` exceeds one of `b`.
 */
export function rankTest(a: readonly number[], b: readonly number[]): { p: number; share: number } {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))].sort((x, y) => x.value - y.value);
  const rankSum = all.reduce((sum, { isA }, index) => (isA ? sum + index + 1 : sum), 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  const z = Math.abs(u - (a.length * b.length) / 2) / deviation;
  return { p: 2 * (1 - normal(z)), share: u / (a.length * b.length) };
}

/** The standard normal distribution function, by Abramowitz and Stegun 26.2.17; good to 7 decimals. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
