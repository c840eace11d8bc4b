import { assert } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { Lab } from "../browser/support/lab.ts";
import type { Notebook } from "../browser/support/notebook.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";

const MINUTES = 10;

/** How long the kernel's heap is watched for its least size, in milliseconds: a
 * kernel has no gc(), but collects garbage by itself. */
const WATCH_MS = 10_000;

/**
 * Returns code that writes the sizes of the kernel to a file, several times per
 * second: a cell that prints them would make JupyterLab activate another cell, for
 * which it keeps hundreds of listeners.
 */
function reporter(file: string): string {
  return `setInterval(() => {
    const registry = globalThis[Symbol.for("deno.anywidget.registry")];
    const descriptors = [...Deno.readDirSync("/proc/self/fd")].length;
    const { heapUsed } = Deno.memoryUsage();
    const sizes = [heapUsed, descriptors, registry.size, widget.views];
    Deno.writeTextFileSync(${JSON.stringify(file)}, JSON.stringify(sizes));
  }, 100);`;
}

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

async function measure({ page }: Notebook, file: string): Promise<Sizes> {
  let kernelHeap = Infinity;
  let sizes: number[] = [];
  for (const end = Date.now() + WATCH_MS; Date.now() < end;) {
    // Empty while it is being written.
    const text = await Deno.readTextFile(file);
    if (text !== "") sizes = JSON.parse(text);
    kernelHeap = Math.min(kernelHeap, sizes[0] ?? Infinity);
    await delay(50);
  }
  const [, descriptors, widgets, views] = sizes;
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
  await widget.root.getByLabel("Pause polling").click();
  await widget.notice("paused").waitFor();
  await widget.root.getByLabel("Resume polling").click();
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
  const file = join(process.path, "kernel.json");
  await using notebook = await lab.open(
    `import { processWidget } from ${module};
     const widget = processWidget(${source});
     ${reporter(file)}
     widget`,
  );
  await notebook.run(0);
  await notebook.widget().hasStatus("running", 5000);
  const begin = performance.now();
  let before: Sizes | undefined;
  for (let round = 0; performance.now() - begin < MINUTES * 60_000; round++) {
    await use(notebook, process, round);
    await delay(2000);
    // The compilers and the history of two minutes have to warm up.
    if (performance.now() - begin > 150_000) {
      before ??= await measure(notebook, file);
    }
  }
  const after = await measure(notebook, file);
  console.log(before, after);
  const grew = (key: keyof Sizes) => after[key] - before![key];
  assert(grew("pageHeap") < 5e6, `the page's heap grew by ${grew("pageHeap")}`);
  assert(grew("nodes") < 200, `${grew("nodes")} more nodes`);
  assert(grew("listeners") < 50, `${grew("listeners")} more listeners`);
  assert(grew("kernelHeap") < 3e6, `the kernel grew by ${grew("kernelHeap")}`);
  assert(grew("descriptors") <= 2, `${grew("descriptors")} more descriptors`);
  assert(grew("widgets") === 0 && grew("views") === 0);
});
