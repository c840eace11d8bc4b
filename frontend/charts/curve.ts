/** Draws a series over time as SVG paths. */

/** A value at a time. */
export interface Point {
  /** Seconds. */
  readonly time: number;
  /** Null if unknown. */
  readonly value: number | null;
}

/** The area of the chart and the values at its edges. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Time at the right edge, in seconds. */
  readonly end: number;
  /** Seconds from the left to the right edge. */
  readonly span: number;
  /** Value at the top edge; the bottom edge is 0. */
  readonly top: number;
}

/** A curve is interrupted after this many seconds without a value. */
const GAP = 10;

/** Splits a series at its gaps, into lists of points in pixels. */
export function partsOf(
  points: readonly Point[],
  { width, height, end, span, top }: Frame,
): [number, number][][] {
  const parts: [number, number][][] = [];
  let previous = -Infinity;
  for (const { time, value } of points) {
    if (value === null || time < end - span) continue;
    if (time - previous > GAP) parts.push([]);
    previous = time;
    const x = width * (1 - (end - time) / span);
    const y = height * (1 - Math.min(value / top, 1));
    parts.at(-1)!.push([round(x), round(y)]);
  }
  return parts;
}

/** Returns the path of a line through points. */
export function linePath(part: readonly (readonly [number, number])[]): string {
  // A single point becomes a line of no length, which its round cap shows as a dot.
  return `M${part.map((point) => point.join(" ")).join("L")}` +
    (part.length === 1 ? "h0" : "");
}

/** Returns the outline of the area between points and the bottom edge. */
export function areaPath(
  part: readonly (readonly [number, number])[],
  height: number,
): string {
  return `${linePath(part)}V${height}H${part[0][0]}Z`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
