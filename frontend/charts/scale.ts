/** Chooses the upper end of a chart's axis. */

/** Rounds a value up to 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((step) => step * power >= value) ?? 10;
  return factor * power;
}

/** Rounds bytes up to a power of two, and to at least 1 MiB. */
export function roundUpBytes(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, 2 ** 20)));
}
