/** Returns the value below which a share of the values lies, from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** Returns the median of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
