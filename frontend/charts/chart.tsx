/** A chart of one measure over the last two minutes. */

import { areaPath, linePath, partsOf, type Point } from "./curve.ts";

export interface ChartProps {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
  /** Time at the right edge, in seconds. */
  readonly end: number;
  /** Value at the top edge. */
  readonly top: number;
  readonly format: (value: number) => string;
}

/** Seconds from the left to the right edge. */
const SPAN = 120;

const WIDTH = 240;
const HEIGHT = 48;

export function Chart({ id, label, points, end, top, format }: ChartProps) {
  const current = points.at(-1)?.value ?? null;
  const frame = { width: WIDTH, height: HEIGHT, end, span: SPAN, top };
  const parts = partsOf(points, frame);
  const value = current === null ? "–" : format(current);
  return (
    <figure class="pw-chart" data-chart={id}>
      <figcaption class="pw-chart-head">
        <span class="pw-chart-label">{label}</span>
        <span class="pw-chart-value">{value}</span>
      </figcaption>
      <svg
        class="pw-plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={describe(label, points, format)}
      >
        <path class="pw-grid" d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
        {parts.map((part, index) => (
          <g key={index}>
            <path class="pw-area" d={areaPath(part, HEIGHT)} />
            <path class="pw-curve" d={linePath(part)} />
          </g>
        ))}
      </svg>
      <div class="pw-axis" aria-hidden="true">
        <span>2 min</span>
        <span>0 – {format(top)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}

/** Describes a chart for screen readers. */
function describe(
  label: string,
  points: readonly Point[],
  format: (value: number) => string,
): string {
  const values = points.flatMap(({ value }) => value ?? []);
  if (values.length === 0) return `${label}: no samples yet`;
  const last = points.at(-1)!.value;
  const now = last === null ? "unknown now" : `${format(last)} now`;
  const least = format(Math.min(...values));
  const most = format(Math.max(...values));
  return `${label}: ${now}, from ${least} to ${most} in the last 2 minutes`;
}
