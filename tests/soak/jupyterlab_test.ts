import { assert } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { Lab } from "../browser/support/lab.ts";
import type { Notebook } from "../browser/support/notebook.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";

const MINUTES = 10;

/** Prints the kernel's heap, in bytes, and its numbers of descriptors and widgets. */
const MEASURE = `{
  const { readDirSync, memoryUsage } = Deno;
  const registry = globalThis[Symbol.for("deno.anywidget.registry")];
  // A kernel has no gc(): the least of several readings follows a collection.
  let heap = Infinity;
  for (let reading = 0; reading < 100; reading++) {
    heap = Math.min(heap, memoryUsage().heapUsed);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const descriptors = [...readDirSync("/proc/self/fd")].length;
  console.log("measured:", heap, descriptors, registry.size, widget.views);
}`;

/** What must not grow. */
interface Sizes {
  readonly pageHeap: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly kernelHeap: number;
  readonly descriptors: number;
  readonly widgets: number;
  readonly views: number;
}

async function measure(notebook: Notebook): Promise<Sizes> {
  const { page } = notebook;
  await notebook.run(1);
  const output = page.locator(".jp-CodeCell").nth(1).locator(
    ".jp-OutputArea-output",
    { hasText: "measured:" },
  );
  await output.waitFor({ timeout: 30_000 });
  const [kernelHeap, descriptors, widgets, views] = (await output.innerText())
    .trim().split(" ").slice(1).map(Number);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Performance.enable");
  // What finalizers release is only collected the next time.
  for (let time = 0; time < 3; time++) {
    await devTools.send("HeapProfiler.collectGarbage");
    await delay(300);
  }
  const { metrics } = await devTools.send("Performance.getMetrics");
  await devTools.detach();
  const metric = (name: string) =>
    metrics.find((metric) => metric.name === name)!.value;
  return {
    pageHeap: metric("JSHeapUsedSize"),
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    kernelHeap,
    descriptors,
    widgets,
    views,
  };
}

/** Does what a person does with a widget, and what happens to its process. */
async function use(notebook: Notebook, process: TempProcessDir, round: number) {
  const widget = notebook.widget();
  await process.print(`round ${round}\n`);
  await widget.shows(`round ${round}`, 5000);
  await process.report(round % 2 ? "healthy" : "busy", `round ${round}`);
  await until(async () =>
    await widget.status() === (round % 2 ? "running" : "unhealthy")
  );
  await widget.root.getByLabel("Stop polling").click();
  await widget.notice("paused").waitFor();
  await widget.root.getByLabel("Poll again").click();
  await widget.notice("paused").waitFor({ state: "hidden" });
}

Deno.test(`JupyterLab shows a widget for ${MINUTES} minutes without growing`, async () => {
  await using process = await TempProcessDir.start(
    "while :; do date +%N; sleep 0.2; done",
    "endurance",
  );
  await using lab = await Lab.start();
  const source = JSON.stringify(process.path);
  const module = JSON.stringify(join(ROOT, "mod.ts"));
  await using notebook = await lab.open(
    `import { processWidget } from ${module};
     const widget = processWidget(${source});
     widget`,
    MEASURE,
  );
  await notebook.run(0);
  await notebook.widget().hasStatus("running", 5000);
  // JupyterLab keeps something for each cell when it first runs.
  await measure(notebook);
  const begin = performance.now();
  let before: Sizes | undefined;
  for (let round = 0; performance.now() - begin < MINUTES * 60_000; round++) {
    await use(notebook, process, round);
    await delay(2000);
    // The compilers and the history of two minutes have to warm up.
    if (performance.now() - begin > 150_000) {
      before ??= await measure(notebook);
    }
  }
  const after = await measure(notebook);
  console.log(before, after);
  const grew = (key: keyof Sizes) => after[key] - before![key];
  assert(grew("pageHeap") < 5e6, `the page's heap grew by ${grew("pageHeap")}`);
  assert(grew("nodes") < 500, `${grew("nodes")} more nodes`);
  assert(grew("listeners") < 50, `${grew("listeners")} more listeners`);
  assert(grew("kernelHeap") < 3e6, `the kernel grew by ${grew("kernelHeap")}`);
  assert(grew("descriptors") <= 2, `${grew("descriptors")} more descriptors`);
  assert(grew("widgets") === 0 && grew("views") === 0);
});
