/** A series over time as the path of a chart. */

/** A value at a time; null where it is not known. */
export interface Point {
  /** Seconds since some moment. */
  readonly time: number;
  readonly value: number | null;
}

/** What a curve is drawn into. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The time at the right edge, and how many seconds lie left of it. */
  readonly end: number;
  readonly span: number;
  /** The value at the upper edge; 0 is at the lower. */
  readonly top: number;
}

/** Seconds without a value that interrupt a curve. */
const GAP = 10;

/** Parts of a curve without gaps, as points in pixels. */
export function partsOf(
  points: readonly Point[],
  { width, height, end, span, top }: Frame,
): [number, number][][] {
  const parts: [number, number][][] = [];
  let before = -Infinity;
  for (const { time, value } of points) {
    if (value === null || time < end - span) continue;
    if (time - before > GAP) parts.push([]);
    before = time;
    const x = width * (1 - (end - time) / span);
    const y = height * (1 - Math.min(value / top, 1));
    parts.at(-1)!.push([round(x), round(y)]);
  }
  return parts;
}

/** The path of a line through points. */
export function linePath(part: readonly (readonly [number, number])[]): string {
  // A point alone is a line without length: its round cap makes it a dot.
  return `M${part.map((point) => point.join(" ")).join("L")}` +
    (part.length === 1 ? "h0" : "");
}

/** The path around the area between points and the lower edge. */
export function areaPath(
  part: readonly (readonly [number, number])[],
  height: number,
): string {
  return `${linePath(part)}V${height}H${part[0][0]}Z`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
