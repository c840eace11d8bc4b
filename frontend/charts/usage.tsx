/** What a process and its children take of the machine. */

import { formatBytes } from "../bytes.ts";
import type { Usage } from "../view.ts";
import { Chart } from "./chart.tsx";
import type { Point } from "./curve.ts";
import { roundUp, roundUpBytes } from "./scale.ts";

/** Whether there is anything to show of it. */
export function hasUsage({ history, memoryBytes }: Usage): boolean {
  return history.length > 0 || memoryBytes !== null;
}

export function UsageCharts({ usage }: { usage: Usage }) {
  const { history, cpuPercent, memoryBytes } = usage;
  const end = history.at(-1)?.[0] ?? 0;
  const cpu: Point[] = history.map(([time, value]) => ({ time, value }));
  const memory: Point[] = history.map(([time, , value]) => ({ time, value }));
  // The last sample can be older than what is true now: nothing, once it ended.
  if (memoryBytes === null) {
    cpu.push({ time: end, value: null });
    memory.push({ time: end, value: null });
  } else {
    cpu.push({ time: end, value: cpuPercent });
    memory.push({ time: end, value: memoryBytes });
  }
  return (
    <div class="pw-charts">
      <Chart
        id="cpu"
        label="CPU"
        points={cpu}
        end={end}
        top={Math.max(roundUp(most(cpu)), 10)}
        format={formatPercent}
      />
      <Chart
        id="memory"
        label="Memory"
        points={memory}
        end={end}
        top={roundUpBytes(most(memory) * 1.1)}
        format={formatBytes}
      />
    </div>
  );
}

function most(points: readonly Point[]): number {
  return points.reduce((top, { value }) => Math.max(top, value ?? 0), 0);
}

/** 100 % is one core; little is told more exactly. */
function formatPercent(percent: number): string {
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
