/** The CPU and memory usage of a process and its descendants. */

import type { Usage } from "../card_view.ts";
import { formatBytes, formatPercent } from "../format.ts";
import { Chart } from "./chart.tsx";
import type { Point } from "./curve.ts";
import { roundUp, roundUpBytes } from "./scale.ts";

/** Returns whether there is any usage to show. */
export function hasUsage({ history, memoryBytes }: Usage): boolean {
  return history.length > 0 || memoryBytes !== null;
}

export function UsageCharts({ usage }: { usage: Usage }) {
  const { history, cpuPercent, memoryBytes } = usage;
  const end = history.at(-1)?.[0] ?? 0;
  const cpu: Point[] = history.map(([time, value]) => ({ time, value }));
  const memory: Point[] = history.map(([time, , value]) => ({ time, value }));
  // The last sample may be outdated: a process that has exited uses nothing.
  cpu.push({ time: end, value: memoryBytes === null ? null : cpuPercent });
  memory.push({ time: end, value: memoryBytes });
  return (
    <div class="pw-charts">
      <Chart
        id="cpu"
        label="CPU"
        points={cpu}
        end={end}
        top={Math.max(roundUp(maxOf(cpu)), 10)}
        format={formatPercent}
      />
      <Chart
        id="memory"
        label="Memory"
        points={memory}
        end={end}
        top={roundUpBytes(maxOf(memory) * 1.1)}
        format={formatBytes}
      />
    </div>
  );
}

function maxOf(points: readonly Point[]): number {
  return points.reduce((max, { value }) => Math.max(max, value ?? 0), 0);
}
