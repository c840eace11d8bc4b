import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ProcessManager,
  type ProcessWidget,
  processWidget,
} from "../../mod.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import type { JsonObject } from "../../jupyter/protocol.ts";
import { TempProcessDir } from "../process_dir.ts";
import { display, sendFromPage } from "../unit/jupyter/page_message.ts";
import { TempDir, until } from "./support.ts";

/** Requests something of a widget as the view of a page does. */
function request(widget: ProcessWidget, content: unknown): void {
  sendFromPage(widget, { method: "custom", content });
}

/** Sets traits of a widget as a page does. */
function setFromPage(widget: ProcessWidget, state: JsonObject): void {
  sendFromPage(widget, { method: "update", state });
}

const ACTING = ["start", "restart", "terminate", "clear_logs"] as const;

Deno.test("ProcessWidget offers the controls that its source supports", async () => {
  await using process = await TempProcessDir.idle();
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.create({ name: "made", cmd: ["true"] });
  const offered = (widget: ProcessWidget) => {
    widget.close();
    return widget.get("controls");
  };
  const files = { name: "files", pid: process.pid };
  assertEquals(offered(processWidget(files)), ["pause", "poll"]);
  assertEquals(offered(processWidget(process.path)), ["pause", "poll"]);
  assertEquals(offered(processWidget(handle)), ["pause", "poll", ...ACTING]);
  assertEquals(offered(processWidget(handle, { controls: [] })), []);
  assertEquals(
    offered(processWidget(handle, { controls: ["terminate", "poll"] })),
    ["poll", "terminate"],
  );
  assertThrows(
    () => processWidget(process.path, { controls: ["terminate"] }),
    TypeError,
    `Cannot offer the control "terminate": this source supports pause, poll`,
  );
  assertThrows(
    () => processWidget(handle, { controls: ["explode" as never] }),
    TypeError,
    `Cannot offer the control "explode"`,
  );
});

Deno.test("ProcessWidget refuses a control that it does not offer, with a reason", async () => {
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.run({ name: "kept", cmd: ["sleep", "600"] });
  try {
    using widget = processWidget(handle, { controls: ["poll"] });
    await display(widget);
    await widget.refresh();
    const pid = widget.get("pid");
    for (const control of [...ACTING, "pause", "explode", 1, null]) {
      assertThrows(
        () => request(widget, { control }),
        Error,
        "as it is not offered: offered is poll",
      );
    }
    for (const content of [null, "terminate", [], { restart: true }]) {
      assertThrows(
        () => request(widget, content),
        Error,
        "not offered",
      );
    }
    const traits = { polling_active: false, lines: 5, polling_interval: 9 };
    for (const [trait, value] of Object.entries(traits)) {
      assertThrows(
        () => setFromPage(widget, { [trait]: value }),
        Error,
        `Cannot set '${trait}' from the page as it is not writable: no trait is`,
      );
    }
    await widget.refresh();
    assertEquals([widget.get("status"), widget.get("pid")], ["running", pid]);
  } finally {
    await manager.removeAll({ graceMs: 100 });
  }
});

Deno.test("ProcessWidget lets a page change how it polls, within limits", async () => {
  await using process = await TempProcessDir.idle();
  await process.print("1\n2\n3\n4\n5\n");
  using widget = processWidget(process.path);
  await display(widget);
  const set = (state: JsonObject) => setFromPage(widget, state);
  set({ polling_interval: 0.05, lines: 2 });
  await until(() => widget.get("stdout_lines").length === 2);
  assertEquals(widget.get("polling_interval"), 0.05);
  set({ polling_active: false });
  await process.print("6\n");
  for (
    const [state, reason] of [
      [{ polling_interval: 0.049 }, "from 50 to"],
      [{ polling_interval: "often" }, `"often"`],
      [{ lines: -1 }, "-1"],
      [{ lines: 1.5, polling_interval: 1 }, "1.5"],
      [{ polling_active: "no" }, `"no"`],
      [{ status: "running" }, "Cannot set 'status' from the page"],
      [{ __proto__: null, constructor: 1 }, "Cannot set 'constructor'"],
    ] as const
  ) {
    assertThrows(() => set(state), Error, reason);
  }
  assertEquals(
    widget.get("polling_interval"),
    0.05,
    "an update sets all of its traits or no trait",
  );
  assertEquals(widget.get("stdout_lines"), ["4", "5"]);
  request(widget, { control: "poll" });
  await until(() => widget.get("stdout_lines").at(-1) === "6");
});

Deno.test("ProcessWidget runs one action at a time and reports why one failed", async () => {
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.run({ name: "acted", cmd: ["sleep", "600"] });
  const directory = new ProcessDirectory(handle.processDir);
  const config = await Deno.readTextFile(directory.configFile);
  try {
    using widget = processWidget(handle, { interval: 50 });
    await display(widget);
    const actions: unknown[] = [];
    widget.on("change:action", ({ value }) => actions.push(value));
    request(widget, { control: "terminate" });
    assertThrows(
      () => request(widget, { control: "restart" }),
      Error,
      "Cannot restart while terminate is running: try again when it has finished",
    );
    await until(() => widget.get("status") === "stopped");
    await until(() => widget.get("action") === null);
    assertEquals(actions, [
      { control: "terminate", state: "running", reason: null },
      null,
    ]);
    await Deno.writeTextFile(directory.configFile, "{");
    request(widget, { control: "start" });
    await until(() => widget.get("action")?.state === "failed");
    const { reason } = widget.get("action")!;
    assert(reason!.includes(directory.configFile), reason!);
  } finally {
    await Deno.writeTextFile(directory.configFile, config);
    await manager.removeAll({ graceMs: 100 });
  }
});
