import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../../.tasks/project.ts";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { until } from "../../files/support.ts";
import { type App, Lab } from "./lab.ts";
import type { Widget } from "./widget.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/** Time until a view shows the result of an action, in ms: a process has 5 s to
 * exit. */
const ACTION_MS = 8000;

/** Prints two lines per second, and takes a second to exit, during which views
 * show that it is being terminated. */
const PROGRAM = `let line = 0;
setInterval(() => console.log("line", ++line), 500);
Deno.addSignalListener("SIGTERM", () => setTimeout(() => Deno.exit(), 1000));`;

/** Uses every control of a handle, and checks what it does to the process. */
export async function controlsAct(
  t: Deno.TestContext,
  app: App,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "test-controls-" });
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const lab = stack.use(await Lab.start({ app }));
  const notebook = stack.use(
    await lab.open(
      `import { ProcessManager } from ${MOD};
const manager = new ProcessManager({ dir: ${JSON.stringify(dir)} });
const handle = await manager.run({ name: "controlled",
  cmd: [Deno.execPath(), "eval", ${JSON.stringify(PROGRAM)}] });
handle`,
      "handle",
      "handle",
      "{ const end = Date.now() + 3000; while (Date.now() < end); }",
      "await manager.removeAll()",
    ),
  );
  const { page } = notebook;
  const views = [0, 1, 2].map((view) => notebook.widget(view));
  for (const [cell, view] of views.entries()) {
    await notebook.run(cell);
    await view.hasStatus("running", ACTION_MS);
  }
  const [widget] = views;
  const inAllViews = <T>(check: (view: Widget) => Promise<T>) =>
    Promise.all(views.map(check));
  const button = (name: string) =>
    widget.root.getByRole("button", { name, exact: true });
  const pid = async () => Number(await widget.fact("pid").innerText());
  const clickAndConfirm = async (name: string) => {
    await button(name).click();
    await widget.root.getByRole("alertdialog").getByRole("button", { name })
      .click();
  };

  const isFocused = (name: string) =>
    button(name).evaluate((el) => el === document.activeElement);

  await t.step("Escape closes a question and the settings", async () => {
    for (const name of ["Terminate the process", "Settings"]) {
      const answer = name === "Settings" ? "Apply" : "Cancel";
      await button(name).click();
      await button(answer).waitFor();
      await page.keyboard.press("Escape");
      await button(answer).waitFor({ state: "hidden" });
      assert(await isFocused(name), `${name} has the focus again`);
    }
  });

  await t.step(
    "terminate asks for confirmation and shows in all views",
    async () => {
      const before = await pid();
      await button("Terminate the process").click();
      assert(await isFocused("Cancel"), "Enter cancels");
      await page.keyboard.press("Enter");
      assertEquals(await button("Cancel").count(), 0);
      assert(await localProcessTable.find(before) !== null);
      await clickAndConfirm("Terminate the process");
      await widget.root.getByText("Terminating …").waitFor();
      await inAllViews((view) => view.hasStatus("stopped", ACTION_MS));
      assertEquals(await localProcessTable.find(before), null);
      for (const action of ["Terminate", "Restart"]) {
        assertEquals(await button(`${action} the process`).count(), 0);
      }
    },
  );

  await t.step("a failed action shows its reason in all views", async () => {
    const config = join(dir, "controlled", "config.json");
    const whole = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, whole.slice(0, 20));
    await button("Start the process").click();
    // Polling reports the file as well, possibly before the action has read it.
    await inAllViews((view) =>
      view.notice("error").getByText(/Cannot start .*config\.json/).waitFor()
    );
    await Deno.writeTextFile(config, whole);
  });

  await t.step("start starts the process again", async () => {
    await button("Start the process").click();
    await inAllViews((view) => view.hasStatus("running", ACTION_MS));
    assert(await localProcessTable.find(await pid()) !== null);
    assertEquals(await button("Start the process").count(), 0);
  });

  await t.step("restart starts it with another pid", async () => {
    const before = await pid();
    await clickAndConfirm("Restart the process");
    await until(async () => ![before, NaN].includes(await pid()), ACTION_MS);
    const now = await pid();
    assertEquals(await localProcessTable.find(before), null);
    assert(await localProcessTable.find(now) !== null);
    await inAllViews((view) =>
      view.fact("pid").getByText(String(now)).waitFor()
    );
  });

  const lastLines = () => inAllViews((view) => view.lines().last().innerText());

  await t.step("pause stops polling, and poll polls once", async () => {
    await button("Pause polling").click();
    await inAllViews((view) => view.notice("paused").waitFor());
    // Views draw their last lines in separate frames.
    await until(async () => new Set(await lastLines()).size === 1);
    const paused = await lastLines();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assertEquals(await lastLines(), paused);
    await button("Poll now").click();
    await until(async () =>
      (await lastLines()).every((line, view) => line !== paused[view])
    );
    const polled = await lastLines();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assertEquals(await lastLines(), polled);
    await button("Resume polling").click();
    await inAllViews((view) =>
      view.notice("paused").waitFor({ state: "hidden" })
    );
    await until(async () => (await lastLines())[0] !== polled[0]);
  });

  const settings = async (interval: string, lines: string) => {
    await button("Settings").click();
    await widget.root.getByLabel("Seconds between polls").fill(interval);
    await widget.root.getByLabel("Lines of each log").fill(lines);
    await button("Apply").click();
  };

  await t.step("an invalid setting is refused with a reason", async () => {
    await settings("0.001", "20");
    await widget.notice("error").getByText("from 50 to").waitFor();
  });

  await t.step("settings change the lines and the interval", async () => {
    await settings("0.25", "3");
    await widget.notice("error").waitFor({ state: "hidden" });
    await inAllViews((view) =>
      until(async () => await view.lines().count() === 3)
    );
    // A line is printed each half second, more often than it was polled before.
    const seen = new Set<string>();
    const end = performance.now() + 3000;
    while (performance.now() < end) seen.add((await lastLines())[2]);
    assert(seen.size >= 5, `${seen.size} different lines in 3 s`);
  });

  await t.step("clear empties the log files", async () => {
    const log = join(dir, "controlled", "stdout.log");
    const before = (await Deno.stat(log)).size;
    await clickAndConfirm("Clear log files");
    await until(async () => (await Deno.stat(log)).size < before);
    assert(await localProcessTable.find(await pid()) !== null);
  });

  await t.step(
    "a request waits until a running cell has finished",
    async () => {
      await notebook.run(3);
      await page.locator(
        '[data-status="busy"].jp-Notebook-ExecutionIndicator',
      )
        .first().waitFor();
      await button("Pause polling").click();
      await widget.root.getByText("waiting for kernel").waitFor();
      assertEquals(await widget.notice("paused").count(), 0);
      await inAllViews((view) =>
        view.notice("paused").waitFor({ timeout: ACTION_MS })
      );
    },
  );

  const last = await pid();
  await notebook.run(4);
  await until(
    async () => await localProcessTable.find(last) === null,
    ACTION_MS,
  );
}
