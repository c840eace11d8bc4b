/** Uses a dashboard as a person does, with real processes. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT, venvProgram } from "../../../.tasks/project.ts";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { until } from "../../files/support.ts";
import { DashboardView } from "./dashboard_view.ts";
import { type App, Lab } from "./lab.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/** Time until a view shows the result of an action, in ms: a process has 5 s to
 * exit. */
const ACTION_MS = 10_000;

/** Time until a view shows a process that appears or leaves, in ms: two ticks, and
 * some for a busy machine. */
const LISTED_MS = 5000;

/** Prints a line twice a second. */
const PRINTING = `while true; do echo "line $((i=i+1))"; sleep 0.5; done`;

/** Starts a process and writes its directory as syft-process-manager does. */
const FOREIGN = `
import datetime, json, os, psutil, sys
folder = sys.argv[1]
os.makedirs(folder)
with open(os.path.join(folder, "stdout.log"), "ab") as out:
    process = psutil.Popen(["sh", "-c", "echo from Python; exec sleep 600"],
                           stdout=out, stderr=out, start_new_session=True)
def write(name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file)
now = datetime.datetime.now().isoformat()
write("config.json", {
    "name": "foreign", "cmd": ["sh", "-c", "exec sleep 600"], "env": {},
    "process_dir": folder, "runner_type": "subprocess", "ttl_seconds": None,
    "log_level": "INFO"})
write("process_state.json", {
    "pid": process.pid, "process_create_time": process.create_time(),
    "created_at": now})
write("health.json", {"timestamp": now, "status": "healthy", "details": {}})
`;

/** Starts, crashes, ends and removes processes in a dashboard with three views. */
export async function dashboardActs(
  t: Deno.TestContext,
  app: App,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "test-dashboard-" });
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const lab = stack.use(await Lab.start({ app }));
  const base = `import { ProcessManager } from ${MOD};
const manager = new ProcessManager({ dir: ${JSON.stringify(dir)} });`;
  const notebook = stack.use(
    await lab.open(
      `${base}
await Promise.all(Array.from({ length: 20 }, (_, i) =>
  manager.run({ name: \`sleeper-\${i + 1}\`, cmd: ["sleep", "600"] })));
manager`,
      "manager",
      "manager",
      "await manager.removeAll()",
    ),
  );
  const { page } = notebook;
  const views = [0, 1, 2].map((index) => new DashboardView(page, index));
  const [view] = views;
  for (const [cell, view] of views.entries()) {
    await notebook.run(cell);
    await view.hasStatus("sleeper-1", "running", ACTION_MS);
  }
  const inAllViews = <T>(check: (view: DashboardView) => Promise<T>) =>
    Promise.all(views.map(check));
  const pidOf = async (name: string) => {
    const state = join(dir, name, "process_state.json");
    return JSON.parse(await Deno.readTextFile(state)).pid as number;
  };
  const isAlive = async (pid: number) =>
    await localProcessTable.find(pid) !== null;
  const field = (label: string) =>
    view.root.getByRole("form").getByLabel(label);
  const submit = () =>
    view.root.getByRole("form").getByRole("button", { name: "Start" }).click();

  await t.step("all processes are counted", async () => {
    await inAllViews((view) => view.chip("running").getByText("20").waitFor());
    await view.root.getByText("20 processes").waitFor();
  });

  await t.step("the form shows what is wrong next to each field", async () => {
    await view.button(/^New/).click();
    await field("Name").fill("sleeper-1");
    await field("Command").fill("sh -c 'echo");
    await field("Folder").fill("/not/there");
    await field("Environment").fill("PORT");
    await field("Time to live").fill("soon");
    await submit();
    const reasons = {
      Name: "there is a process of that name",
      Command: "a quote is not closed",
      Folder: "it does not exist",
      Environment: "line 1",
      "Time to live": "a number of seconds",
    };
    for (const [label, reason] of Object.entries(reasons)) {
      const input = field(label);
      await input.and(page.locator("[aria-invalid=true]")).waitFor();
      const id = await input.getAttribute("aria-describedby");
      const text = await page.locator(`[id="${id}"]`).innerText();
      assert(text.includes(reason), text);
    }
    const focused = field("Name").and(page.locator(":focus"));
    await focused.waitFor();
  });

  await t.step("the form keeps its texts when Escape closes it", async () => {
    await page.keyboard.press("Escape");
    await view.root.getByRole("form").waitFor({ state: "detached" });
    await view.button(/^New/).click();
    assertEquals(await field("Folder").inputValue(), "/not/there");
  });

  await t.step("the form starts a process and shows its row", async () => {
    await field("Name").fill("started");
    await field("Command").fill(`sh -c '${PRINTING}'`);
    await field("Folder").fill(dir);
    await field("Environment").fill("PORT=8000");
    await field("Time to live").fill("3600");
    await submit();
    await view.root.getByRole("form").waitFor({ state: "detached" });
    const revealed = page.locator("[data-revealed=true]");
    await view.row("started").and(revealed).waitFor({ timeout: ACTION_MS });
    await view.filter.fill("started");
    await inAllViews((view) => view.hasStatus("started", "running", ACTION_MS));
    const config = await Deno.readTextFile(join(dir, "started", "config.json"));
    assertEquals(JSON.parse(config).ttl_seconds, 3600);
  });

  await t.step("a row shows the last line and the usage", async () => {
    const output = view.cell("started", "output");
    const first = await output.innerText();
    await until(async () => {
      const text = await output.innerText();
      return /^line \d+$/.test(text) && text !== first;
    }, ACTION_MS);
    await view.cell("started", "memory").getByText(/B$/).waitFor();
  });

  await t.step("an expanded row shows the card with its logs", async () => {
    await view.toggle("started");
    await inAllViews((view) =>
      view.card("started").locator("[data-stream=stdout]").getByText(/line \d/)
        .first().waitFor({ timeout: ACTION_MS })
    );
    await view.toggle("started");
    await inAllViews((view) =>
      view.card("started").waitFor({ state: "detached" })
    );
  });

  await t.step("a process that crashes has failed", async () => {
    Deno.kill(await pidOf("started"), "SIGKILL");
    await inAllViews((view) => view.hasStatus("started", "failed", ACTION_MS));
    await view.row("started").getByText("SIGKILL").waitFor();
  });

  await t.step("a failed action names the process and the reason", async () => {
    const config = join(dir, "started", "config.json");
    const whole = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, whole.slice(0, 20));
    await view.row("started").hover();
    await view.button("Start started").click();
    await inAllViews((view) =>
      view.root.getByRole("alert").getByText(
        /started: Cannot read .*config\.json/,
      )
        .waitFor({ timeout: ACTION_MS })
    );
    await Deno.writeTextFile(config, whole);
    await view.root.getByRole("alert").getByRole("button", {
      name: "Dismiss",
    }).click();
    await inAllViews((view) =>
      view.root.getByRole("alert").filter({ hasText: "config.json" })
        .waitFor({ state: "detached" })
    );
  });

  await t.step("the filter is the same in all views", async () => {
    await view.filter.fill("sleeper-1");
    await inAllViews(async (view) => {
      await view.root.getByText("11 of 21 processes").waitFor();
      assertEquals(await view.filter.inputValue(), "sleeper-1");
    });
    await view.chip("failed").click();
    await inAllViews((view) =>
      view.root.getByText("No process matches the filter").waitFor()
    );
    await views[1].button("Clear the filter").click();
    await inAllViews((view) => view.root.getByText("21 processes").waitFor());
  });

  await t.step("terminating 20 processes asks once", async () => {
    await view.filter.fill("sleeper");
    await inAllViews((view) =>
      view.root.getByText("20 of 21 processes").waitFor()
    );
    await view.root.getByLabel("Select all").click();
    await view.root.getByText("20 selected").waitFor();
    const pids = await Promise.all(
      Array.from({ length: 20 }, (_, at) => pidOf(`sleeper-${at + 1}`)),
    );
    await view.button("Terminate").click();
    const question = view.root.getByRole("alertdialog");
    await question.getByText(
      "Terminate 20 processes: sleeper-1, sleeper-2, sleeper-3 and 17 others?",
    ).waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    assert((await Promise.all(pids.map(isAlive))).every(Boolean));
    await view.button("Terminate").click();
    await view.confirm(/^Terminate 20$/);
    await inAllViews((view) =>
      view.chip("stopped").getByText("20").waitFor({ timeout: 2 * ACTION_MS })
    );
    assert(!(await Promise.all(pids.map(isAlive))).some(Boolean));
    await view.root.getByText("Terminated 20 processes").waitFor({
      state: "attached",
    });
  });

  await t.step("removing some removes their directories", async () => {
    await view.button("Clear the selection").click();
    await view.select("sleeper-2");
    await view.select("sleeper-4", ["Shift"]);
    await view.button("Remove").click();
    await view.confirm(/^Remove 3$/);
    await inAllViews((view) => view.hasNo("sleeper-3", ACTION_MS));
    await inAllViews((view) => view.hasNo("sleeper-4", ACTION_MS));
    const left = [...Deno.readDirSync(dir)].map(({ name }) => name);
    assert(!left.includes("sleeper-2") && left.includes("sleeper-5"));
  });

  await t.step("a process that another kernel adds appears", async () => {
    await view.filter.fill("added");
    // Closing a notebook shuts down the kernels of all of them.
    const other = stack.use(
      await lab.open(
        `${base}
await manager.run({ name: "added", cmd: ["sleep", "600"] });`,
      ),
    );
    await other.run(0);
    await inAllViews((view) =>
      view.hasStatus("added", "running", ACTION_MS + LISTED_MS)
    );
  });

  await t.step("a process of syft-process-manager appears", async () => {
    const folder = join(dir, "foreign");
    const python = new Deno.Command(venvProgram("python"), {
      args: ["-c", FOREIGN, folder],
    });
    const { success, stderr } = await python.output();
    assert(success, new TextDecoder().decode(stderr));
    // Rows that are out of sight are not drawn.
    await view.filter.fill("foreign");
    await inAllViews((view) => view.hasStatus("foreign", "running", LISTED_MS));
    await view.cell("foreign", "output").getByText("from Python").waitFor();
    const pid = await pidOf("foreign");
    await view.row("foreign").hover();
    await view.button("Terminate foreign").click();
    await view.confirm(/^Terminate$/);
    await view.hasStatus("foreign", "stopped", ACTION_MS);
    assertEquals(await isAlive(pid), false);
  });

  await t.step(
    "a reload keeps filter, sorting, rows and position",
    async () => {
      await view.filter.fill("e");
      await view.sort("Status");
      await view.toggle("added");
      await view.card("added").waitFor();
      await view.table.evaluate((table) => table.scrollTop = 100);
      // The kernel has what the page has set.
      await views[2].card("added").waitFor();
      // JupyterLab's shortcuts do not work within the table.
      await page.locator(".jp-CodeCell .cm-content").first().click();
      await notebook.save();
      await notebook.visit();
      await view.card("added").waitFor({ timeout: 30_000 });
      const sorted = view.root.getByRole("columnheader", { name: "Status" });
      assertEquals(await sorted.getAttribute("aria-sort"), "ascending");
      assertEquals(await view.filter.inputValue(), "e");
      await until(async () =>
        await view.table.evaluate((table) => table.scrollTop) > 50
      );
    },
  );

  const added = await pidOf("added");
  await notebook.run(3);
  await inAllViews((view) =>
    view.root.getByText("No processes yet").waitFor({ timeout: ACTION_MS })
  );
  assertEquals(await isAlive(added), false);
  assertEquals(notebook.record.ownErrors, []);
}
