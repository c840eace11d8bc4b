import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { TempProcessDir } from "../process_dir.ts";
import { BarePage } from "./support/bare_page.ts";
import { Lab } from "./support/lab.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

Deno.test("A notebook that was executed elsewhere does not look live", async (t) => {
  await using process = await TempProcessDir.idle("saved");
  await process.append("stdout.log", "as it was\n");
  const cell = `import { processWidget } from ${MOD};
processWidget(${JSON.stringify(process.path)});`;
  await using lab = await Lab.start();

  await t.step("its view reports that it is not connected", async () => {
    await using notebook = await lab.openExecuted({ trusted: true }, cell);
    const widget = notebook.widget();
    await widget.hasConnection("gone", 15_000);
    await widget.shows("as it was", 1000);
    const text = await widget.notice("connection").innerText();
    assert(text.includes("run the cell again"), text);
    assert(!text.includes("Last update"), "the time is unknown");
    assertEquals(await widget.root.getByLabel("Controls").count(), 0);

    await notebook.run(0);
    await notebook.widget().hasConnection("ready", 10_000);
  });

  await t.step(
    "if it is not trusted, its text states the time",
    async () => {
      await using notebook = await lab.openExecuted({ trusted: false }, cell);
      const output = notebook.page.locator(".jp-OutputArea-output");
      await output.getByText("as it was").waitFor();
      await output.getByText(/As of .*\d.*Run the cell to see it live/)
        .waitFor();
    },
  );
});

Deno.test("A view that cannot reach the kernel", async (t) => {
  await using bare = await BarePage.openWrapped({
    controls: ["pause", "poll", "restart", "terminate"],
  });
  const { widget, page } = bare;
  const buttons = widget.root.getByLabel("Controls").getByRole("button");
  const code = widget.root.locator(".pw-cell-code");

  await t.step("shows code to run in a cell instead of buttons", async () => {
    await widget.hasConnection("unavailable", 1000);
    assertEquals(await buttons.count(), 0);
    const text = code.locator("pre");
    assert(!await text.isVisible());
    await code.locator("summary").click();
    assertEquals((await text.innerText()).trim().split("\n"), [
      "await handle.restart()",
      "await handle.terminate()",
      "await widget.refresh()",
      "widget.pause()",
      "widget.resume()",
      'widget.set("polling_interval", 1)',
      'widget.set("lines", 100)',
    ]);
  });

  await t.step("is live as long as it receives heartbeats", async () => {
    for (let beat = 1; beat <= 9; beat++) {
      await page.waitForTimeout(1000);
      await bare.receive({ _heartbeat: beat });
      assertEquals(
        await widget.root.getAttribute("data-connection"),
        "unavailable",
      );
    }
  });

  await t.step("reports missing heartbeats within 10 s", async () => {
    await widget.hasConnection("stale", 10_000);
    await widget.notice("connection").getByText("No updates").waitFor();
    assertEquals([await buttons.count(), await code.count()], [0, 1]);
    await bare.receive({ _heartbeat: 99 });
    await widget.hasConnection("unavailable", 1000);
  });
  assertEquals(bare.errors, []);
});
