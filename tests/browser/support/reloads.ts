import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../../.tasks/project.ts";
import { TempProcessDir } from "../../process_dir.ts";
import { type App, Lab } from "./lab.ts";
import type { Notebook } from "./notebook.ts";

const IMPORT = `import { processWidget } from ${
  JSON.stringify(join(ROOT, "mod.ts"))
};`;

/** Counts the kernel's open comms. */
const COUNT_COMMS = `let comms = 0;
const { broadcast } = Deno.jupyter;
Deno.jupyter.broadcast = (type, ...rest) => {
  if (type === "comm_open") comms++;
  if (type === "comm_close") comms--;
  return broadcast(type, ...rest);
};`;

/** Prints what would grow in the kernel if reloads leaked. */
const PRINT_COUNTS = `{
  const registry = globalThis[Symbol.for("deno.anywidget.registry")];
  let polls = 0;
  const count = () => polls++;
  one.on("change:uptime", count);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  one.off("change:uptime", count);
  console.log("counts:", comms, registry.size, one.views, two.views, polls <= 4);
}`;

/** Reloads the page; returns after how many ms all widgets are live again. */
async function reload(
  notebook: Notebook,
  process: TempProcessDir,
  round: number,
): Promise<number> {
  await notebook.page.reload({ waitUntil: "commit" });
  const begin = performance.now();
  await process.append("stdout.log", `round ${round}\n`);
  for (const view of [0, 1]) {
    await notebook.widget(view).shows(`round ${round}`, 20_000);
  }
  return performance.now() - begin;
}

/** How long a page keeps what restores the models of a reload, in ms. */
const RESTORE_MS = 16_000;

/** Counts the page's event listeners once a reload has left nothing behind. */
async function countListeners({ page }: Notebook): Promise<number> {
  await page.waitForTimeout(RESTORE_MS);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Performance.enable");
  await devTools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devTools.send("Performance.getMetrics");
  await devTools.detach();
  return metrics.find(({ name }) => name === "JSEventListeners")!.value;
}

/** Options of {@linkcode survivesReloads}. */
export interface ReloadOptions {
  /** Number of reloads. */
  readonly rounds: number;
  /** Whether the page's last message is lost, as where the server closes a
   * connection before it has handled everything. Default: false. */
  readonly losesLastMessage?: boolean;
  /** Starts what keeps the machine busy during the reloads. */
  readonly load?: () => Disposable;
  /** Whether to check that neither page nor kernel leaks; takes 40 s. */
  readonly checksLeaks?: boolean;
}

/**
 * Reloads a notebook with two widgets again and again, and checks that they are
 * live within 8 s each time.
 */
export async function survivesReloads(
  app: App,
  { rounds, losesLastMessage, load, checksLeaks = false }: ReloadOptions,
): Promise<void> {
  await using process = await TempProcessDir.idle("reloaded");
  await using lab = await Lab.start({ app });
  const source = JSON.stringify(process.path);
  await using notebook = await lab.open(
    `${IMPORT}\n${COUNT_COMMS}\nconst one = processWidget(${source});\none`,
    `const two = processWidget(${source});\ntwo`,
    PRINT_COUNTS,
  );
  for (const cell of [0, 1]) {
    await notebook.run(cell);
    await notebook.widget(cell).hasStatus("running", 5000);
  }
  await notebook.save();
  if (losesLastMessage) {
    await notebook.page.addInitScript(() =>
      addEventListener("pagehide", (event) => event.stopImmediatePropagation())
    );
  }
  await reload(notebook, process, 0);
  let before = 0;
  if (checksLeaks) before = await countListeners(notebook);
  const times: number[] = [];
  {
    using _ = load?.();
    for (let round = 1; round < rounds; round++) {
      times.push(await reload(notebook, process, round));
    }
  }
  times.sort((a, b) => a - b);
  const median = Math.round(times[times.length >> 1]);
  const longest = Math.round(times.at(-1)!);
  console.log(`${app}: live after ${median} ms (median), ${longest} ms (most)`);
  assert(longest < 8000, `${longest} ms`);
  assertEquals(await notebook.page.locator(".process-widget").count(), 2);
  if (!checksLeaks) return;
  const after = await countListeners(notebook);
  console.log(`${app}: ${before} listeners, then ${after}`);
  // The number of JupyterLab's own listeners varies by a dozen or two.
  assert(after - before < 50, `${before}, then ${after} listeners`);
  await notebook.run(2);
  const counts = notebook.page.locator(".jp-OutputArea-output", {
    hasText: "counts:",
  });
  await counts.waitFor();
  assertEquals((await counts.innerText()).trim(), "counts: 2 2 1 1 true");
}
