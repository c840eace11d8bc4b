import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../.tasks/project.ts";
import { Lab } from "../tests/browser/support/lab.ts";
import { until } from "../tests/files/support.ts";
import { TempProcessDir } from "../tests/process_dir.ts";
import type { Figure, Row } from "./harness/figure.ts";
import { quantile } from "./harness/statistics.ts";

const INTERVAL_MS = 1000;
const LINES = 40;

/** Minimum time between two polls in push mode, in milliseconds. */
const PUSH_MS = 100;

/** Goal for p95 in push mode, in milliseconds. */
const MAX_PUSH_MS = 150;

/** The time until JupyterLab shows a line that a process has printed. */
export const lineToScreen: Figure = {
  name: "line-to-screen",
  needs: ["python", "browser"],
  async measure() {
    await using lab = await Lab.start();
    const [p50, p95] = await latencies(lab, {});
    const rows: Row[] = [
      {
        figure: "line to screen at a 1 s interval, p50",
        unit: "ms",
        // A line waits for half an interval on average.
        floor: INTERVAL_MS / 2,
        ours: p50,
        limit: 1.3,
      },
      {
        figure: "line to screen at a 1 s interval, p95",
        unit: "ms",
        floor: 0.95 * INTERVAL_MS,
        ours: p95,
        limit: 1.2,
      },
    ];
    // The interval does not explain what is shown.
    const [, pushed] = await latencies(lab, { watch: true, interval: 60_000 });
    return [...rows, {
      figure: "line to screen in push mode, p95",
      unit: "ms",
      floor: PUSH_MS,
      ours: pushed,
      limit: MAX_PUSH_MS / PUSH_MS,
    }];
  },
};

/** Returns p50 and p95 of the time from a line to its display, in ms. */
async function latencies(
  lab: Lab,
  options: Record<string, unknown>,
): Promise<[p50: number, p95: number]> {
  await using process = await TempProcessDir.idle();
  const args = [process.path, options].map((each) => JSON.stringify(each));
  const module = JSON.stringify(join(ROOT, "mod.ts"));
  await using notebook = await lab.open(
    `import { processWidget } from ${module};
     processWidget(${args.join(", ")})`,
  );
  await notebook.run(0);
  await notebook.widget().hasStatus("running", 10_000);
  await notebook.page.evaluate(recordLines);
  const taken: number[] = [];
  for (let line = 0; line < LINES; line++) {
    // At any moment of the interval.
    await delay(300 + Math.random() * INTERVAL_MS);
    const printed = Date.now();
    await process.print(`line ${line}.\n`);
    let shown: number | undefined;
    await until(async () => {
      shown = await notebook.page.evaluate(shownAt, `line ${line}.`);
      return shown !== undefined;
    });
    taken.push(shown! - printed);
  }
  return [quantile(taken, 0.5), quantile(taken, 0.95)];
}

interface PageGlobals {
  /** When each line was first drawn, in epoch milliseconds. */
  shown: Map<string, number>;
}

/** Runs in the page: records when lines are drawn. */
function recordLines(): void {
  const shown = new Map<string, number>();
  (globalThis as unknown as PageGlobals).shown = shown;
  const root = document.querySelector(".process-widget")!;
  const record = () => {
    for (const line of root.querySelectorAll(".pw-line")) {
      const text = line.textContent ?? "";
      if (!shown.has(text)) shown.set(text, Date.now());
    }
  };
  // After the frame in which a line is drawn.
  new MutationObserver(() => requestAnimationFrame(record))
    .observe(root, { childList: true, subtree: true, characterData: true });
}

/** Runs in the page: returns when a line was drawn. */
function shownAt(text: string): number | undefined {
  const { shown } = globalThis as unknown as PageGlobals;
  return [...shown].find(([line]) => line.includes(text))?.[1];
}
