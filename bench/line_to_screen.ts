import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../.tasks/project.ts";
import type { Lab } from "../tests/browser/support/lab.ts";
import { until } from "../tests/files/support.ts";
import { TempProcessDir } from "../tests/process_dir.ts";
import type { ProcessWidgetOptions } from "../widget/options.ts";
import type { Figure, Row } from "./harness/figure.ts";
import { quantile } from "./harness/statistics.ts";

const INTERVAL_MS = 1000;
const LINES = 40;
const GOLDEN_RATIO = 1.618034;

/** Goal for p95 in push mode, in milliseconds. */
const MAX_PUSH_MS = 150;

/** The id of the output that shows lines without a widget. */
const BARE = "bare-output";

/** The time until JupyterLab shows a line that a process has printed. */
export const lineToScreen: Figure = {
  name: "line-to-screen",
  needs: ["python", "browser"],
  async measure() {
    // Not above, as programs of other figures would load it as well.
    const { Lab } = await import("../tests/browser/support/lab.ts");
    await using lab = await Lab.start();
    const polled = await measureLines(lab, {});
    const [p50, p95] = [0.5, 0.95].map((at) => quantile(polled.widget, at));
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
    const pushed = await measureLines(lab, { watch: true, interval: 60_000 });
    const bare = quantile(pushed.bare, 0.95);
    return [...rows, {
      figure: "line to screen in push mode, p95; floor: bare output",
      unit: "ms",
      floor: bare,
      ours: quantile(pushed.widget, 0.95),
      // A busy machine delays the bare output as well.
      limit: Math.max(MAX_PUSH_MS, 3.5 * bare) / bare,
    }];
  },
};

/** How long lines took, in milliseconds. */
interface Latencies {
  /** Until the widget showed them. */
  readonly widget: readonly number[];
  /** Until a plain output did that is updated on each event of the file. */
  readonly bare: readonly number[];
}

async function measureLines(
  lab: Lab,
  options: ProcessWidgetOptions,
): Promise<Latencies> {
  await using process = await TempProcessDir.idle();
  await process.print("ready\n");
  const [module, log, source, given] = [
    join(ROOT, "mod.ts"),
    `${process.path}/stdout.log`,
    process.path,
    options,
  ]
    .map((each) => JSON.stringify(each));
  await using notebook = await lab.open(
    `const show = (text, update) => Deno.jupyter.display(
       { "text/plain": text },
       { raw: true, display_id: "${BARE}", update },
     );
     (async () => {
       for await (const _ of Deno.watchFs(${log})) {
         show(Deno.readTextFileSync(${log}).trimEnd().split("\\n").at(-1), true);
       }
     })();
     await show("ready", false);
     undefined`,
    `import { processWidget } from ${module};
     processWidget(${source}, ${given})`,
  );
  await notebook.runAll();
  await notebook.widget().shows("ready", 10_000);
  await notebook.page.evaluate(recordLines);
  const [widget, bare]: number[][] = [[], []];
  const start = performance.now();
  for (let line = 1; line <= LINES; line++) {
    // Multiples of the golden ratio spread over the interval more evenly than
    // random moments do.
    const due = start + line * GOLDEN_RATIO * INTERVAL_MS;
    await delay(Math.max(0, due - performance.now()));
    const printed = Date.now();
    const text = `line ${line}.`;
    await process.print(`${text}\n`);
    await until(async () => {
      const shown = await notebook.page.evaluate(shownAt, text);
      if (!shown) return false;
      widget.push(shown.widget - printed);
      bare.push(shown.bare - printed);
      return true;
    });
  }
  return { widget, bare };
}

/** When a line was first drawn, in epoch milliseconds. */
interface Shown {
  widget: number;
  bare: number;
}

interface PageGlobals {
  /** By line. */
  shown: Map<string, Partial<Shown>>;
}

/** Runs in the page: records when lines are drawn. */
function recordLines(): void {
  const shown = new Map<string, Partial<Shown>>();
  (globalThis as unknown as PageGlobals).shown = shown;
  const record = (selector: string, where: keyof Shown) => {
    for (const element of document.querySelectorAll(selector)) {
      const text = element.textContent?.trim() ?? "";
      const times = shown.get(text) ?? {};
      times[where] ??= Date.now();
      shown.set(text, times);
    }
  };
  const recordAll = () => {
    record(".pw-line", "widget");
    record(".jp-RenderedText pre", "bare");
  };
  // After the frame in which a line is drawn.
  new MutationObserver(() => requestAnimationFrame(recordAll)).observe(
    document.querySelector(".jp-Notebook")!,
    { childList: true, subtree: true, characterData: true },
  );
}

/** Runs in the page: returns when a line was drawn, once it is in both places. */
function shownAt(text: string): Shown | null {
  const { shown } = globalThis as unknown as PageGlobals;
  const { widget, bare } = shown.get(text) ?? {};
  return widget && bare ? { widget, bare } : null;
}
