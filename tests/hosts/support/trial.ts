/** What a widget must do when browser, server and kernel are on different hosts. */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { ROOT } from "../../../.tasks/project.ts";
import { ProcessManager } from "../../../manager.ts";
import { until } from "../../files/support.ts";
import type { Notebook } from "../../browser/support/notebook.ts";
import { StaleWatch } from "../../browser/support/stale_watch.ts";
import type { Widget } from "../../browser/support/widget.ts";

/** How long an outage lasts, in ms. */
const OUTAGE_MS = 30_000;

/** Longest time for which a view may show stale facts as current, in ms. */
const NOTICE_MS = 10_000;

/** Time until a view has recovered from an outage, in ms: TCP, tornado and
 * JupyterLab retry at intervals that grow to about the length of the outage. */
const RECOVERY_MS = 90_000;

/** Latency of each direction, in ms. */
const LATENCY_MS = 200;

/** Prints the time twice a second. */
const PROGRAM =
  `setInterval(() => console.log("at", new Date().toISOString()), 500)`;

/** A failure of the network. */
export interface Outage {
  /** What happens, as the name of a test step. */
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** A notebook whose browser, server and kernel are on different hosts. */
export interface Trial {
  /** Opens a notebook with these cells. */
  readonly open: (...cells: string[]) => Promise<Notebook>;
  /** Home folder of the user whom the kernel runs as. */
  readonly home: string;
  /** Sets the latency of each direction of each connection, in ms. */
  readonly setLatency: (ms: number) => Promise<void>;
  readonly outages: readonly Outage[];
  /** Where to put screenshots. */
  readonly screenshots: string;
}

/** Checks that a widget is live, controls its process, and outlives reloads,
 * outages and latency. */
export async function worksAcrossHosts(
  t: Deno.TestContext,
  { open, home, setLatency, outages, screenshots }: Trial,
): Promise<void> {
  const name = `hosts-test-${Deno.pid}`;
  await using stack = new AsyncDisposableStack();
  await removesProcess(stack, home, name);
  const notebook = stack.use(
    await open(
      `import { run } from ${JSON.stringify(join(ROOT, "mod.ts"))};
const handle = await run({ name: ${JSON.stringify(name)}, ttlSeconds: 1800,
  cmd: [Deno.execPath(), "eval", ${JSON.stringify(PROGRAM)}] });
handle`,
    ),
  );
  const { page } = notebook;
  const widget = notebook.widget();
  await Deno.mkdir(screenshots, { recursive: true });
  const picture = async (state: string) => {
    await page.screenshot({ path: join(screenshots, `${state}.png`) });
  };
  const step = async (name: string, run: () => Promise<void>) => {
    const passed = await t.step(name, async () => {
      try {
        await run();
      } catch (error) {
        await picture("failed");
        throw error;
      }
    });
    assert(passed, `Cannot continue as '${name}' failed`);
  };
  const log = join(home, ".process-widget", name, "stdout.log");

  await step("a process started with run() is shown live", async () => {
    await notebook.run(0);
    await widget.hasStatus("running", 20_000);
    await isLive(widget);
    await picture("live");
  });

  await step("controls act on the process", async () => {
    await controlsWork(notebook);
    const times = await measureClicks(notebook);
    console.log(`click: ${times}`);
  });

  const reload = async () => {
    await page.reload({ waitUntil: "commit" });
    const begin = performance.now();
    await isLive(widget, 30_000);
    const ms = Math.round(performance.now() - begin);
    console.log(`live after a reload: ${ms} ms`);
    // Without a connection, the controls are missing.
    await widget.hasConnection("ready", 5000);
    await notebook.kernelIsReady();
  };

  await step("a reload restores the widget", async () => {
    await notebook.save();
    await reload();
    await controlsWork(notebook);
  });

  const watch = await StaleWatch.start(page);
  for (const [index, outage] of outages.entries()) {
    await step(outage.name, async () => {
      await outage.begin();
      const begin = performance.now();
      try {
        await until(
          async () =>
            ["stale", "offline"].includes(await connection(widget) ?? ""),
          NOTICE_MS,
        );
        const noticed = performance.now() - begin;
        await widget.notice("connection").getByText("Last update").waitFor();
        await delay(OUTAGE_MS - noticed);
        await picture(`outage-${index + 1}`);
        console.log(`noticed after ${Math.round(noticed)} ms`);
      } finally {
        await outage.end();
      }
      const end = performance.now();
      await widget.hasConnection("ready", RECOVERY_MS);
      await isLive(widget);
      const ms = Math.round(performance.now() - end);
      console.log(`live again after ${ms} ms`);
      const lines = await widget.lines().allInnerTexts();
      const text = await Deno.readTextFile(log);
      assert(text.includes(lines.join("\n")), "no line is missing");
      await picture(`recovered-${index + 1}`);
      await closeDialog(notebook);
      await controlsWork(notebook);
    });
  }
  const longest = Math.round(await watch.longest());
  console.log(`longest shown as current: ${longest} ms`);
  assert(longest < NOTICE_MS, `${longest} ms`);

  await step("a latency of 200 ms each way only delays", async () => {
    await setLatency(LATENCY_MS);
    await controlsWork(notebook);
    console.log(`click: ${await measureClicks(notebook)}`);
    await reload();
    await controlsWork(notebook);
    await picture("latency");
    await setLatency(0);
  });
}

/** Terminates and removes the process with `stack`, and the base folder if it is new. */
async function removesProcess(
  stack: AsyncDisposableStack,
  home: string,
  name: string,
): Promise<void> {
  const dir = join(home, ".process-widget");
  const existed = await exists(dir);
  stack.defer(async () => {
    if (await exists(join(dir, name))) {
      const manager = new ProcessManager({ dir });
      await (await manager.get(name)).terminate();
      await manager.remove(name);
    }
    if (existed || !await exists(dir)) return;
    // Locks are never removed, as another program may hold them.
    const left = await Array.fromAsync(Deno.readDir(dir));
    assertEquals(left.map(({ name }) => name), [".locks"]);
    await Deno.remove(dir, { recursive: true });
  });
}

function connection(widget: Widget): Promise<string | null> {
  return widget.root.getAttribute("data-connection");
}

/** Waits until the view shows a line that is printed after this call. */
async function isLive(widget: Widget, timeout = 10_000): Promise<void> {
  const now = `at ${new Date().toISOString()}`;
  const last = async () => (await widget.lines().allInnerTexts()).at(-1) ?? "";
  await until(async () => await last() > now, timeout);
}

/** Closes the dialog in which JupyterLab may report a lost connection. */
async function closeDialog({ page }: Notebook): Promise<void> {
  const close = page.locator(".jp-Dialog .jp-mod-accept");
  while (await close.count() > 0) await close.first().click();
}

async function controlsWork(notebook: Notebook): Promise<void> {
  const widget = notebook.widget();
  const button = (name: string) =>
    widget.root.getByRole("button", { name, exact: true });
  const confirm = async (name: string) => {
    await button(name).click();
    await widget.root.getByRole("alertdialog").getByRole("button", { name })
      .click();
  };
  await button("Pause polling").click();
  await widget.notice("paused").waitFor();
  await button("Resume polling").click();
  await widget.notice("paused").waitFor({ state: "hidden" });
  await confirm("Terminate the process");
  await widget.hasStatus("stopped", 10_000);
  await button("Start the process").click();
  await widget.hasStatus("running", 10_000);
}

/** Returns how long clicks take until their effect is shown, in words. */
async function measureClicks({ page }: Notebook): Promise<string> {
  const times = await page.evaluate(clickAndWait, 11);
  times.sort((a, b) => a - b);
  const [median, longest] = [times[times.length >> 1], times.at(-1)!]
    .map(Math.round);
  return `${median} ms (median), ${longest} ms (most)`;
}

/** Runs in the page: pauses and resumes; returns the time of each click in ms. */
async function clickAndWait(clicks: number): Promise<number[]> {
  const view = document.querySelector(".process-widget")!;
  const find = (label: string) =>
    view.querySelector<HTMLElement>(`button[aria-label="${label}"]`);
  const shows = (label: string) =>
    new Promise<HTMLElement>((resolve) => {
      const check = () => {
        const button = find(label);
        if (button && button.ariaDisabled !== "true") {
          observer.disconnect();
          resolve(button);
        }
      };
      const observer = new MutationObserver(check);
      const options = { subtree: true, childList: true, attributes: true };
      observer.observe(view, options);
      check();
    });
  const times: number[] = [];
  let [now, next] = ["Pause polling", "Resume polling"];
  for (let click = 0; click < clicks + 1; click++) {
    const button = await shows(now);
    const begin = performance.now();
    button.click();
    await shows(next);
    times.push(performance.now() - begin);
    [now, next] = [next, now];
  }
  return times;
}
