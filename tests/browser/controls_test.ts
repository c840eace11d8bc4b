import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { readProcess } from "../../process/liveness.ts";
import { until } from "../files/support.ts";
import { Lab } from "./support.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`The controls of a handle in ${app}`, async (t) => {
    await using stack = new AsyncDisposableStack();
    const dir = await Deno.makeTempDir({ prefix: "test-controls-" });
    stack.defer(() => Deno.remove(dir, { recursive: true }));
    const lab = stack.use(await Lab.start({ app }));
    const notebook = stack.use(
      await lab.open(
        `import { ProcessManager } from ${MOD};
const manager = new ProcessManager({ dir: ${JSON.stringify(dir)} });
const handle = await manager.run({ name: "acted-on",
  cmd: ["sh", "-c", "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.5; done"] });
handle`,
        "handle",
        "{ const end = Date.now() + 3000; while (Date.now() < end); }",
        "await manager.removeAll()",
      ),
    );
    const { page } = notebook;
    await notebook.run(0);
    const widget = notebook.widget();
    await widget.hasStatus("running", 8000);
    await notebook.run(1);
    const other = notebook.widget(1);
    await other.hasStatus("running", 5000);
    const button = (name: string) =>
      widget.root.getByRole("button", { name, exact: true });
    const pid = async () => Number(await widget.fact("pid").innerText());
    const confirmed = async (name: string) => {
      await button(name).click();
      await widget.root.getByRole("alertdialog").getByRole("button", { name })
        .click();
    };

    await t.step(
      "terminate asks, ends the process, and shows in all views",
      async () => {
        const before = await pid();
        await button("Terminate the process").click();
        await button("Cancel").click();
        assert(await readProcess(before) !== null);
        await confirmed("Terminate the process");
        await widget.hasStatus("stopped", 8000);
        await other.hasStatus("stopped", 2000);
        await until(async () => await readProcess(before) === null);
      },
    );

    await t.step("start starts it", async () => {
      await button("Start the process").click();
      await widget.hasStatus("running", 8000);
      assert(await readProcess(await pid()) !== null);
    });

    await t.step("restart gives it another pid", async () => {
      const before = await pid();
      await confirmed("Restart the process");
      await until(async () => ![before, NaN].includes(await pid()));
      assertEquals(await readProcess(before), null);
      assert(await readProcess(await pid()) !== null);
    });

    await t.step("pause stops polling, and resume goes on", async () => {
      await button("Stop polling").click();
      await widget.notice("paused").waitFor();
      await other.notice("paused").waitFor();
      await button("Poll again").click();
      await widget.notice("paused").waitFor({ state: "hidden" });
    });

    await t.step(
      "settings change lines; a wrong one is refused with a reason",
      async () => {
        await button("Settings").click();
        await widget.root.getByLabel("Seconds between polls").fill("0.001");
        await button("Apply").click();
        await widget.notice("error").getByText("at least 50").waitFor();
        await button("Settings").click();
        await widget.root.getByLabel("Lines of each log").fill("3");
        await button("Apply").click();
        await widget.notice("error").waitFor({ state: "hidden" });
      },
    );

    await t.step("clearing empties the log files", async () => {
      const log = join(dir, "acted-on", "stdout.log");
      const before = (await Deno.stat(log)).size;
      await confirmed("Clear the log files");
      await until(async () => (await Deno.stat(log)).size < before);
    });

    await t.step(
      "what is asked while a cell runs waits for its end",
      async () => {
        await notebook.run(2);
        await page.locator(
          '[data-status="busy"].jp-Notebook-ExecutionIndicator',
        )
          .first().waitFor();
        await button("Stop polling").click();
        await widget.root.getByText("waiting for kernel").waitFor();
        await widget.notice("paused").waitFor({ timeout: 8000 });
      },
    );

    await notebook.run(3);
    await widget.hasStatus("stopped", 5000).catch(() => {});
  });
}
