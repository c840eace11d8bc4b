import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { TempProcessDir } from "../process_dir.ts";
import { Lab } from "./lab.ts";
import type { Notebook } from "./notebook.ts";

const IMPORT = `import { processWidget } from ${
  JSON.stringify(join(ROOT, "mod.ts"))
};`;

/** Counts the comms that the kernel has open: the models that pages know. */
const COMMS = `let comms = 0;
const { broadcast } = Deno.jupyter;
Deno.jupyter.broadcast = (type, ...rest) => {
  if (type === "comm_open") comms++;
  if (type === "comm_close") comms--;
  return broadcast(type, ...rest);
};`;

/** Counts in the kernel what would grow if reloads left anything behind. */
const COUNTS = `{
  const registry = globalThis[Symbol.for("deno.anywidget.uplink")];
  let polls = 0;
  const count = () => polls++;
  one.on("change:uptime", count);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  one.off("change:uptime", count);
  console.log("counts:", comms, registry.size, one.views, two.views, polls <= 4);
}`;

/** Reloads the page; returns how long until all widgets are live again, in ms. */
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

/** The longest that an offer of models stays in a page, in ms. */
const OFFER_MS = 16_000;

/** Counts what listens to events in the page, when all that reloads bring for a
 * while has gone. */
async function listeners({ page }: Notebook): Promise<number> {
  await page.waitForTimeout(OFFER_MS);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Performance.enable");
  await devTools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devTools.send("Performance.getMetrics");
  await devTools.detach();
  return metrics.find(({ name }) => name === "JSEventListeners")!.value;
}

/** A page under load, as a busy machine has it: both cores at work. */
function load(): Disposable {
  const children = [0, 1].map(() =>
    new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }).spawn()
  );
  return { [Symbol.dispose]: () => children.forEach((child) => child.kill()) };
}

for (const [app, rounds] of [["lab", 50], ["notebook", 5]] as const) {
  Deno.test(`Widgets in ${app} survive ${rounds} reloads`, async () => {
    await using process = await TempProcessDir.idle("reloaded");
    await using lab = await Lab.start({ app });
    const source = JSON.stringify(process.path);
    await using notebook = await lab.open(
      `${IMPORT}\n${COMMS}\nconst one = processWidget(${source});\none`,
      `const two = processWidget(${source});\ntwo`,
      COUNTS,
    );
    for (const cell of [0, 1]) {
      await notebook.run(cell);
      await notebook.widget(cell).hasStatus("running", 5000);
    }
    await notebook.save();
    await reload(notebook, process, 0);
    const after1 = await listeners(notebook);
    const times: number[] = [];
    {
      using _ = load();
      for (let round = 1; round < rounds; round++) {
        times.push(await reload(notebook, process, round));
      }
    }
    const afterAll = await listeners(notebook);
    console.log(`${app}: ${after1} listeners, then ${afterAll}`);
    // The host's own go up and down by a dozen or two.
    assert(afterAll - after1 < 50, `${after1}, then ${afterAll} listeners`);
    times.sort((a, b) => a - b);
    console.log(
      `${app}: live after ${Math.round(times[rounds >> 1])} ms at the median, ${
        Math.round(times.at(-1)!)
      } ms at most`,
    );
    assert(times.at(-1)! < 8000, `${times.at(-1)} ms`);
    await notebook.run(2);
    const counts = notebook.page.locator(".jp-OutputArea-output", {
      hasText: "counts:",
    });
    await counts.waitFor();
    assertEquals((await counts.innerText()).trim(), "counts: 2 2 1 1 true");
    assertEquals(await notebook.page.locator(".process-widget").count(), 2);
  });
}
