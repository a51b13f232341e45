/** Median, 95th and 99th percentile, and the greatest. */
export interface Quantiles {
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Of these numbers, in any order; null when there are none. */
export function quantiles(values: readonly number[]): Quantiles | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
