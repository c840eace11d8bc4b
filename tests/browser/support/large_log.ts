import { assert } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../../.tasks/project.ts";
import { until } from "../../files/support.ts";
import { TempProcessDir } from "../../process_dir.ts";
import { Lab } from "./lab.ts";
import type { Notebook } from "./notebook.ts";

/** Length of a line: just below where lines are cut. */
const LENGTH = 16_000;

/** How many lines to add at a time: less than a poll reads. */
const STEP = 256;

/** The longest task of the page that a reader does not notice, in ms. */
const LONGEST_TASK_MS = 100;

/** How many tasks may take longer, as the browser collects garbage and as other
 * programs run. */
const EXCEPTIONS = 2;

interface PageGlobals {
  tasks: PerformanceEntry[];
}

/** Runs in the page: records its long tasks. */
function recordLongTasks(): void {
  const globals = globalThis as unknown as PageGlobals;
  globals.tasks = [];
  new PerformanceObserver((list) => globals.tasks.push(...list.getEntries()))
    .observe({ type: "longtask" });
}

/** Runs in the page: returns how long each long task since a time took, in ms. */
function longTasks(since: number): number[] {
  const { tasks } = globalThis as unknown as PageGlobals;
  return tasks.filter(({ startTime }) => startTime >= since)
    .map(({ duration }) => duration);
}

/** What a reload took, in milliseconds. */
interface Reload {
  /** Until the newest line was visible. */
  readonly visible: number;
  /** Until a cell that was run at that time had a result. */
  readonly answered: number;
  /** Until the page had all lines. */
  readonly complete: number;
  /** The longest task of the page after the newest line was visible, but for a
   * few exceptions. */
  readonly longestTask: number;
}

/** Reloads the page of a notebook whose log ends with line `last`. */
async function reload(
  notebook: Notebook,
  last: number,
  count: number,
): Promise<Reload> {
  const { page } = notebook;
  const widget = notebook.widget();
  await page.reload({ waitUntil: "commit" });
  const begin = performance.now();
  await widget.shows(`line ${last} `, 60_000);
  const visible = performance.now() - begin;
  const shownAt = await page.evaluate(() => performance.now());
  await notebook.runCode(1, `"answer" + ${last}`);
  // A search through the whole page would look at the log for long.
  const output = page.locator(".jp-CodeCell").nth(1)
    .locator(".jp-OutputArea-output", { hasText: `answer${last}` });
  await output.waitFor();
  const answered = performance.now() - begin - visible;
  await widget.root.getByRole("button", { name: "In tabs" }).click();
  const tab = widget.root.getByRole("tab", { name: "Recent logs" });
  const hasAll = async () =>
    (await tab.innerText()).trim().endsWith(String(count));
  await until(hasAll, 120_000);
  const complete = performance.now() - begin;
  await widget.root.getByRole("button", { name: "Side by side" }).click();
  const tasks = await page.evaluate(longTasks, shownAt);
  const longestTask = tasks.sort((a, b) => b - a)[EXCEPTIONS] ?? 0;
  return { visible, answered, complete, longestTask };
}

/**
 * Reloads a page that shows a log of this many lines of 16 KB, and checks that it
 * shows the newest lines as soon as with a small log, then all of them, and that
 * page and kernel respond meanwhile.
 */
export async function reloadsLargeLog(count: number): Promise<void> {
  await using process = await TempProcessDir.idle("large");
  await using lab = await Lab.start();
  const module = JSON.stringify(join(ROOT, "mod.ts"));
  await using notebook = await lab.open(
    `import { processWidget } from ${module};
processWidget(${
      JSON.stringify(process.path)
    }, { lines: ${count}, interval: 100 })`,
    "1",
  );
  const { page } = notebook;
  await page.addInitScript(recordLongTasks);
  let end = 0;
  const print = async (count: number) => {
    const lines = Array.from(
      { length: count },
      () => `line ${end++} `.padEnd(LENGTH, "x") + "\n",
    );
    await process.print(lines.join(""));
    await notebook.widget().shows(`line ${end - 1} `, 20_000);
  };
  await notebook.run(0);
  await notebook.widget().hasStatus("running", 5000);
  await print(1);
  await notebook.save();
  await reload(notebook, end - 1, end);
  const small = await reload(notebook, end - 1, end);
  while (end < count) await print(Math.min(STEP, count - end));
  const large = await reload(notebook, end - 1, count);
  console.log(`1 line: ${describe(small)}`);
  console.log(`${count} lines: ${describe(large)}`);
  assert(large.visible < small.visible + 1000, `${large.visible} ms`);
  assert(large.answered < small.answered + 2000, `${large.answered} ms`);
  const { longestTask } = large;
  assert(longestTask < LONGEST_TASK_MS, `tasks of ${longestTask} ms`);
  // Following the end and reading the start both work.
  const pane = notebook.widget().log("stdout");
  await pane.evaluate((element) => element.scrollTop = 0);
  await notebook.widget().shows("line 0 ", 5000);
  await pane.evaluate((element) => element.scrollTop = element.scrollHeight);
  await notebook.widget().shows(`line ${count - 1} `, 5000);
}

function describe(reload: Reload): string {
  return Object.entries(reload)
    .map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(", ");
}
