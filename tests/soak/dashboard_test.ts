import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { dashboardActs } from "../browser/support/dashboard.ts";
import { DashboardView } from "../browser/support/dashboard_view.ts";
import { TempDir } from "../files/support.ts";
import { Lab } from "../browser/support/lab.ts";

for (const app of ["lab", "notebook"] as const) {
  Deno.test(
    `A dashboard starts, shows and ends processes in ${app}`,
    (t) => dashboardActs(t, app),
  );
}

const MINUTES = 10;
/** Number of rows. */
const ROWS = 500;
/** How often the heap is measured, in seconds. */
const SAMPLE_S = 20;

Deno.test("The heap of a page with 500 live rows is flat over 10 minutes", async () => {
  using dir = new TempDir();
  await using lab = await Lab.start();
  await using notebook = await lab.open(
    `import { processDashboard } from ${JSON.stringify(join(ROOT, "mod.ts"))};
const logs = Array.from({ length: ${ROWS} }, (_, at) =>
  \`${dir.path}/\${at}.log\`);
let line = 0;
// A hundred of them print a line every second.
setInterval(() => {
  line++;
  for (let at = line % 5; at < logs.length; at += 5) {
    Deno.writeTextFileSync(logs[at], \`line \${line}\\n\`, { append: true });
  }
}, 1000);
processDashboard(logs.map((stdout, at) =>
  ({ name: \`process-\${at}\`, pid: Deno.pid, stdout })))`,
  );
  const { page } = notebook;
  await notebook.run(0);
  const view = new DashboardView(page);
  await view.root.getByText(`${ROWS} processes`).waitFor();
  const session = await page.context().newCDPSession(page);
  const heap: number[] = [];
  const nodes: number[] = [];
  const columns = ["Last output", "CPU", "Name", "Uptime"];
  const samples = MINUTES * 60 / SAMPLE_S;
  for (let sample = 0; sample < samples; sample++) {
    await view.sort(columns[sample % columns.length]);
    await view.toggle((await view.names())[1]);
    for (let second = 0; second < SAMPLE_S; second++) {
      await view.table.evaluate((table, top) => {
        table.scrollTop = top;
      }, (second * 997) % 15_000);
      await delay(1000);
    }
    await view.table.evaluate((table) => table.scrollTop = 0);
    await view.root.locator("[aria-expanded=true].pd-expand").first().click();
    await view.root.locator(".pd-detail").waitFor({ state: "detached" });
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    heap.push(Math.round(usedSize / 2 ** 20 * 10) / 10);
    nodes.push((await session.send("Memory.getDOMCounters")).nodes);
  }
  const third = samples / 3;
  const mean = (list: readonly number[]) =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  const before = mean(heap.slice(third, 2 * third));
  const after = mean(heap.slice(2 * third));
  assert(after < before * 1.05, `heap in MiB: ${heap.join(", ")}`);
  const added = mean(nodes.slice(2 * third)) - mean(nodes.slice(third));
  assert(added < 500, `DOM nodes: ${nodes.join(", ")}`);
  assertEquals(notebook.record.errors, []);
});
