import { assert } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { Lab } from "./support/lab.ts";
import type { Notebook } from "./support/notebook.ts";

const IMPORT = `import { processWidget } from ${
  JSON.stringify(join(ROOT, "mod.ts"))
};`;

/** Starts a process that prints twice a second. */
function printing(): Promise<TempProcessDir> {
  return TempProcessDir.start(
    "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.5; done",
    "printing",
  );
}

/** Opens a notebook with two views of a process, in the first two cells. */
async function open(
  lab: Lab,
  process: TempProcessDir,
  ...cells: string[]
): Promise<Notebook> {
  const notebook = await lab.open(
    `${IMPORT}\nconst w = processWidget(${JSON.stringify(process.path)});\nw`,
    "w",
    ...cells,
  );
  await showViews(notebook);
  return notebook;
}

/** Runs the first two cells, and waits for their views. */
async function showViews(notebook: Notebook): Promise<void> {
  for (const view of [0, 1]) {
    await notebook.run(view);
    await notebook.widget(view).hasStatus("running", 5000);
    await notebook.widget(view).hasConnection("ready", 5000);
  }
}

/** Returns the longest time between new lines from `act` on, in ms. */
async function longestGap(
  notebook: Notebook,
  act: () => Promise<void>,
  updates: number,
): Promise<number> {
  const lines = notebook.widget().lines();
  const last = () => lines.last().innerText();
  let [seen, at, longest, count] = [await last(), performance.now(), 0, 0];
  await act();
  while (count < updates) {
    const now = await last();
    if (now === seen) {
      if (performance.now() - at > 10_000) {
        const connection = await notebook.widget().root.getAttribute(
          "data-connection",
        );
        throw new Error(`No update in 10 s: the connection is '${connection}'`);
      }
      continue;
    }
    longest = Math.max(longest, performance.now() - at);
    [seen, at, count] = [now, performance.now(), count + 1];
  }
  return longest;
}

Deno.test("A view shows the state of its kernel", async (t) => {
  await using process = await printing();
  await using lab = await Lab.start();
  await using notebook = await open(
    lab,
    process,
    'setTimeout(() => { throw new Error("thrown in a timer"); }, 500); undefined',
    "{ const end = Date.now() + 6000; while (Date.now() < end); }",
    `const { stat } = Deno;
const gate = Promise.withResolvers();
Deno.stat = async (path) => { await gate.promise; return await stat(path); };
undefined`,
    "gate.resolve(); Deno.stat = stat; undefined",
    "console.log('pid', Deno.pid)",
  );
  const { page } = notebook;
  await longestGap(notebook, async () => {}, 4);

  await t.step(
    "a user's timer that throws delays updates by 3 intervals at most",
    async () => {
      const gap = await longestGap(notebook, () => notebook.run(2), 5);
      console.log(`timer: longest gap ${Math.round(gap)} ms`);
      assert(gap < 3300, `${gap} ms without an update`);
    },
  );

  await t.step(
    "an interrupt while idle delays updates by 3 intervals at most",
    async () => {
      const interrupt = () => notebook.choose("Kernel", "Interrupt Kernel");
      const gap = await longestGap(notebook, interrupt, 5);
      console.log(`interrupt: longest gap ${Math.round(gap)} ms`);
      assert(gap < 3300, `${gap} ms without an update`);
    },
  );

  await t.step("reports a cell that runs for long, and recovers", async () => {
    await notebook.run(3);
    await notebook.widget().hasConnection("busy", 5000);
    await notebook.widget().notice("connection").getByText("The kernel is busy")
      .waitFor();
    await notebook.widget().hasConnection("ready", 8000);
  });

  await t.step("reports a file system that hangs, and recovers", async () => {
    await notebook.run(4);
    const notice = notebook.widget().notice("error");
    await notice.getByText("its file system has not responded").first()
      .waitFor({ timeout: 10_000 });
    await notebook.widget().hasConnection("ready", 1000);
    await notebook.run(5);
    await notice.waitFor({ state: "hidden" });
    await longestGap(notebook, async () => {}, 4);
  });

  await t.step("reports a restart in every view within 5 s", async () => {
    const begin = performance.now();
    await notebook.choose("Kernel", "Restart Kernel…");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    for (const view of [0, 1]) {
      await notebook.widget(view).hasConnection("gone", 5000);
      const notice = notebook.widget(view).notice("connection");
      const text = await notice.innerText();
      assert(text.includes("run the cell again"), text);
      assert(/Last update: .*\d/.test(text), text);
    }
    const took = performance.now() - begin;
    await notebook.kernelIsReady();
    console.log(`restart: reported after ${Math.round(took)} ms`);
  });

  await t.step("reports a kernel that was killed within 5 s", async () => {
    await showViews(notebook);
    await notebook.run(6);
    const pid = page.getByText(/^pid \d+/);
    await pid.waitFor();
    Deno.kill(Number((await pid.innerText()).split(" ")[1]), "SIGKILL");
    for (const view of [0, 1]) {
      await notebook.widget(view).hasConnection("gone", 5000);
    }
    // JupyterLab tells that it starts another kernel.
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await notebook.kernelIsIdle();
  });

  await t.step("reports a kernel that was shut down", async () => {
    await showViews(notebook);
    await notebook.choose("Kernel", "Shut Down Kernel");
    for (const view of [0, 1]) {
      await notebook.widget(view).hasConnection("gone", 5000);
    }
  });
});

Deno.test("Polling stops when the last view is removed", async () => {
  await using process = await printing();
  await using lab = await Lab.start();
  await using notebook = await open(
    lab,
    process,
    "console.log(`views ${w.views}`)",
    "const before = w.get('stdout_lines').at(-1);" +
      "await new Promise((done) => setTimeout(done, 2500));" +
      "console.log(w.get('stdout_lines').at(-1) === before ? 'idle' : 'polling')",
    "await w.refresh(); console.log('refreshed:', w.get('stdout_lines').at(-1) !== before)",
    "w",
  );
  const { page } = notebook;
  /** Waits until the kernel knows how many views there are. */
  const kernelKnows = (views: number) =>
    until(async () => {
      await notebook.run(2);
      await notebook.kernelIsIdle();
      return await page.getByText(`views ${views}`).isVisible();
    }, 20_000);
  await kernelKnows(2);
  await notebook.run(3);
  await page.getByText("polling", { exact: true }).waitFor();
  await notebook.choose("Edit", "Clear Outputs of All Cells");
  await kernelKnows(0);
  await notebook.run(3);
  await page.getByText("idle", { exact: true }).waitFor();
  await notebook.run(4);
  await page.getByText("refreshed: true").waitFor();
  await notebook.run(5);
  await notebook.widget().hasStatus("running", 5000);
  await longestGap(notebook, async () => {}, 4);
});
