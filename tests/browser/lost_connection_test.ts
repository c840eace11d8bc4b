import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startJupyter } from "../../.tasks/jupyter.ts";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { Relay } from "./support/relay.ts";
import { Lab, startServer } from "./support/lab.ts";
import { StaleWatch } from "./support/stale_watch.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/** No view may show old facts as current for longer, in ms. */
const LIMIT_MS = 10_000;

/** How long JupyterLab may take to come back by itself: its attempts lie up to
 * 31 s apart by then. */
const RECONNECT_MS = 90_000;

function showing(process: TempProcessDir): string {
  return `import { processWidget } from ${MOD};
const w = processWidget(${JSON.stringify(process.path)});
w`;
}

function ticking(): Promise<TempProcessDir> {
  return TempProcessDir.start(
    "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.5; done",
    "ticking",
  );
}

Deno.test("A view whose connection fails", async (t) => {
  await using process = await ticking();
  await using lab = await Lab.start();
  await using relay = new Relay(lab.port);
  await using notebook = await lab.openThrough(relay.port, showing(process));
  const widget = notebook.widget();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);
  // Else a failure would leave the server out of reach of what cleans up.
  using _ = { [Symbol.dispose]: () => relay.restore() };
  // A kernel that is busy when the line falls silent seems to be busy on.
  await notebook.kernelIsReady();
  const watch = await StaleWatch.start(notebook.page);
  const button = (name: string) =>
    widget.root.getByRole("button", { name, exact: true });
  /** JupyterLab may have its own word on a lost connection, over everything. */
  const closeDialog = async () => {
    const close = notebook.page.locator(".jp-Dialog .jp-mod-accept");
    if (await close.count() > 0) await close.first().click();
  };

  const nextLine = async () => {
    const last = widget.lines().last();
    const seen = await last.innerText();
    await until(async () => await last.innerText() !== seen);
  };

  await t.step("says when nothing comes through, and goes on", async () => {
    relay.silence();
    await widget.hasConnection("stale", LIMIT_MS);
    await widget.notice("link").getByText("No updates come").waitFor();
    // It leaves with the rest, and is carried out once.
    await button("Stop polling").click();
    await widget.root.getByText("waiting for kernel").waitFor();
    relay.restore();
    await widget.hasConnection("ready", 5000);
    await widget.notice("paused").waitFor();
    await button("Poll again").click();
    await widget.notice("paused").waitFor({ state: "hidden" });
  });

  await t.step("says when it is cut, and comes back by itself", async () => {
    const seen = await widget.lines().last().innerText();
    relay.cut();
    await widget.hasConnection("offline", LIMIT_MS);
    const text = await widget.notice("link").innerText();
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
    await closeDialog();
    await button("Poll now").click();
    await widget.root.getByText("waiting for kernel")
      .waitFor({ state: "hidden" });
    await widget.hasConnection("ready", 1000);
  });

  await t.step("sends again what was lost on the way", async () => {
    await closeDialog();
    // What was asked before is over when two polls have followed.
    await nextLine();
    await nextLine();
    relay.silence();
    await button("Stop polling").click();
    await widget.root.getByText("waiting for kernel").waitFor();
    relay.cut();
    await widget.hasConnection("offline", LIMIT_MS);
    relay.restore();
    await widget.notice("paused").waitFor({ timeout: RECONNECT_MS });
    await widget.hasConnection("ready", 5000);
  });

  const stale = await watch.longest();
  console.log(`longest shown as current: ${Math.round(stale)} ms`);
  assert(stale < LIMIT_MS, `${stale} ms`);
});

Deno.test("A view on a page that is offline says so", async () => {
  await using process = await ticking();
  await using lab = await Lab.start();
  await using relay = new Relay(lab.port);
  await using notebook = await lab.openThrough(relay.port, showing(process));
  using _ = { [Symbol.dispose]: () => relay.restore() };
  const widget = notebook.widget();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);
  await notebook.kernelIsReady();
  const context = notebook.page.context();
  relay.silence();
  await context.setOffline(true);
  await widget.hasConnection("offline", LIMIT_MS);
  await context.setOffline(false);
  relay.restore();
  await widget.hasConnection("ready", RECONNECT_MS);
});

Deno.test("A view whose server is started again says what to do", async () => {
  await using process = await ticking();
  await using stack = new AsyncDisposableStack();
  const server = await startServer(stack);
  await using lab = await Lab.start({ server });
  await using notebook = await lab.open(showing(process));
  const widget = notebook.widget();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);
  const watch = await StaleWatch.start(notebook.page);
  await notebook.save();
  await server.stop();
  await widget.hasConnection("offline", LIMIT_MS);
  stack.use(await startJupyter({ ...server, port: lab.port }));
  // With the server its kernels have ended. JupyterLab asks for them from time
  // to time.
  await widget.hasConnection("gone", 60_000);
  await widget.notice("link").getByText("run the cell again").waitFor();
  assert(await watch.longest() < LIMIT_MS);

  await notebook.visit();
  await notebook.run(0);
  await widget.hasConnection("ready", 10_000);
});
