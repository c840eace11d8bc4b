/** A small curve of the usage in the last two minutes. */

import type { UsageSample } from "../../../widget/usage_history.ts";

/** Seconds from the left to the right edge. */
const SPAN = 120;
const WIDTH = 60;
const HEIGHT = 18;

export interface SparklineProps {
  readonly samples: readonly UsageSample[];
  /** What is drawn: the CPU time or the memory of the samples. */
  readonly measure: 1 | 2;
  /** The value at the top edge, given the largest one. */
  readonly scale: (largest: number) => number;
  /** The time at the right edge, in epoch seconds. */
  readonly now: number;
}

export function Sparkline({ samples, measure, scale, now }: SparklineProps) {
  const line = linePath(samples, measure, now, scale);
  return (
    <svg
      class="pd-curve"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={line && areaPath(line)} />
    </svg>
  );
}

/** Returns the outline of the area below a line. Its other edges are out of sight,
 * so that one path draws both the area and the line. */
function areaPath(line: string): string {
  const [start] = line.slice(1).split(" ");
  return `${line}h9V99H${Number(start) - 9}V${line.match(/ ([\d.]+)/)![1]}Z`;
}

/**
 * Returns the path of samples as steps: each one holds until the next one, and
 * the last one until now.
 *
 * @param now Epoch seconds.
 */
export function linePath(
  samples: readonly UsageSample[],
  measure: 1 | 2,
  now: number,
  scale: (largest: number) => number,
): string {
  const top = scale(
    samples.reduce((max, sample) => Math.max(max, sample[measure] ?? 0), 0),
  );
  const x = (time: number) =>
    round(WIDTH * Math.min(Math.max(1 - (now - time) / SPAN, 0), 1));
  // Leaves room for the line itself at both edges.
  const y = (value: number) =>
    round(HEIGHT - 1 - (HEIGHT - 2) * Math.min(value / top, 1));
  let path = "";
  for (const [index, sample] of samples.entries()) {
    const value = sample[measure];
    const next = samples[index + 1]?.[0] ?? now;
    // A sample that has been replaced before the left edge is out of sight.
    if (value === null || next < now - SPAN) continue;
    const from = x(sample[0]);
    path += path === "" ? `M${from} ${y(value)}` : `V${y(value)}`;
    path += `H${x(next)}`;
  }
  return path;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
