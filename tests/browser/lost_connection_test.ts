import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { Relay } from "./support/relay.ts";
import { Lab } from "./support/lab.ts";
import { MAX_STALE_MS, StaleWatch } from "./support/stale_watch.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/**
 * Time for JupyterLab to reconnect, in ms: the pauses between its attempts grow
 * to 31 s.
 */
const RECONNECT_MS = 90_000;

Deno.test("A view recovers when its connection fails", async (t) => {
  await using process = await TempProcessDir.printing();
  await using lab = await Lab.start();
  await using relay = new Relay(lab.port);
  await using notebook = await lab.openThrough(
    relay.port,
    `import { processWidget } from ${MOD};
processWidget(${JSON.stringify(process.path)})`,
  );
  const widget = notebook.widget();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);
  // After a failure, too, the clean-up has to reach the server.
  using _ = { [Symbol.dispose]: () => relay.restore() };
  // A kernel whose last known state is busy would keep looking busy.
  await notebook.kernelIsReady();
  const watch = await StaleWatch.start(notebook.page);
  const button = (name: string) =>
    widget.root.getByRole("button", { name, exact: true });
  // JupyterLab may report the lost connection at any time, in a dialog.
  const close = notebook.page.locator(".jp-Dialog-button").first();
  await notebook.page.addLocatorHandler(close, () => close.click());

  const nextLine = async () => {
    const last = widget.lines().last();
    const seen = await last.innerText();
    await until(async () => await last.innerText() !== seen);
  };

  await t.step("reports that no data arrives, and recovers", async () => {
    relay.silence();
    await widget.hasConnection("stale", MAX_STALE_MS);
    await widget.notice("connection").getByText("No updates").waitFor();
    // The request is sent with everything else, and carried out once.
    await button("Pause polling").click();
    await widget.root.getByText("waiting for kernel").waitFor();
    relay.restore();
    await widget.hasConnection("ready", 5000);
    await widget.notice("paused").waitFor();
    await button("Resume polling").click();
    await widget.notice("paused").waitFor({ state: "hidden" });
  });

  await t.step(
    "reports a closed connection, and reconnects by itself",
    async () => {
      const seen = await widget.lines().last().innerText();
      relay.cut();
      await widget.hasConnection("offline", MAX_STALE_MS);
      const text = await widget.notice("connection").innerText();
      assert(/by itself.*Last update: .*\d/.test(text), text);
      assertEquals(await button("Poll now").count(), 0);
      relay.restore();
      await widget.hasConnection("ready", RECONNECT_MS);
      const number = (line: string) => Number(line.split(" ")[1]);
      await until(async () =>
        number(await widget.lines().last().innerText()) > number(seen)
      );
      const lines = await widget.lines().allInnerTexts();
      assertEquals(
        lines.map(number),
        lines.map((_, i) => number(lines[0]) + i),
        "no line is missing",
      );
      await button("Poll now").click();
      await widget.root.getByText("waiting for kernel")
        .waitFor({ state: "hidden" });
      await widget.hasConnection("ready", 1000);
    },
  );

  await t.step("resends a request that was lost", async () => {
    // After two more polls, earlier requests are complete.
    await nextLine();
    await nextLine();
    relay.silence();
    await button("Pause polling").click();
    await widget.root.getByText("waiting for kernel").waitFor();
    relay.cut();
    await widget.hasConnection("offline", MAX_STALE_MS);
    relay.restore();
    await widget.notice("paused").waitFor({ timeout: RECONNECT_MS });
    await widget.hasConnection("ready", 5000);
  });

  await t.step("reports that its page is offline", async () => {
    await button("Resume polling").click();
    await nextLine();
    const context = notebook.page.context();
    relay.silence();
    await context.setOffline(true);
    await widget.hasConnection("offline", MAX_STALE_MS);
    await context.setOffline(false);
    relay.restore();
    await widget.hasConnection("ready", RECONNECT_MS);
  });

  const longest = await watch.longest();
  console.log(`longest shown as current: ${Math.round(longest)} ms`);
  assert(longest < MAX_STALE_MS, `${longest} ms`);
});
