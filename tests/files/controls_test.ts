import { assert, assertEquals, assertThrows } from "@std/assert";
import { ProcessManager, processWidget } from "../../mod.ts";
import { TempProcessDir } from "../process_dir.ts";
import { TempDir, until } from "./support.ts";
import { display, sendFromPage } from "../unit/jupyter/page_message.ts";

const ACTING = ["start", "restart", "terminate", "clear_logs"] as const;

Deno.test("A widget offers what its source can do", async () => {
  await using process = await TempProcessDir.idle();
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.create({ name: "made", cmd: ["true"] });
  const offered = (widget: ReturnType<typeof processWidget>) => {
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

Deno.test("A control that is not offered is refused with a reason", async () => {
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.run({ name: "kept", cmd: ["sleep", "600"] });
  try {
    const widget = processWidget(handle, { controls: ["poll"] });
    await display(widget);
    await widget.refresh();
    const pid = widget.get("pid");
    for (const control of [...ACTING, "pause", "explode", 1, null]) {
      assertThrows(
        () => sendFromPage(widget, { method: "custom", content: { control } }),
        Error,
        "as it is not offered: offered is poll",
      );
    }
    for (const content of [null, "terminate", [], { restart: true }]) {
      assertThrows(
        () => sendFromPage(widget, { method: "custom", content }),
        Error,
        "not offered",
      );
    }
    const traits = { polling_active: false, lines: 5, polling_interval: 9 };
    for (const [trait, value] of Object.entries(traits)) {
      assertThrows(
        () =>
          sendFromPage(widget, { method: "update", state: { [trait]: value } }),
        Error,
        `Cannot set '${trait}' from the page as it is not writable: no trait is`,
      );
    }
    await widget.refresh();
    assertEquals([widget.get("status"), widget.get("pid")], ["running", pid]);
    widget.close();
  } finally {
    await manager.removeAll({ graceMs: 100 });
  }
});

Deno.test("A page may set how a widget polls, within its limits", async () => {
  await using process = await TempProcessDir.idle();
  await process.append("stdout.log", "1\n2\n3\n4\n5\n");
  const widget = processWidget(process.path);
  await display(widget);
  const set = (state: Record<string, unknown>) =>
    sendFromPage(widget, { method: "update", state });
  set({ polling_interval: 0.05, lines: 2 });
  await until(() => widget.get("stdout_lines").length === 2);
  assertEquals(widget.get("polling_interval"), 0.05);
  set({ polling_active: false });
  await process.append("stdout.log", "6\n");
  for (
    const [state, reason] of [
      [{ polling_interval: 0.049 }, "at least 50"],
      [{ polling_interval: "often" }, "NaN"],
      [{ lines: -1 }, "-1"],
      [{ lines: 1.5, polling_interval: 1 }, "1.5"],
      [{ polling_active: "no" }, `"no"`],
      [{ status: "running" }, "Cannot set 'status' from the page"],
      [{ __proto__: null, constructor: 1 }, "Cannot set 'constructor'"],
    ] as const
  ) {
    assertThrows(() => set(state), Error, reason);
  }
  assertEquals(widget.get("polling_interval"), 0.05, "none is set, or all");
  assertEquals(widget.get("stdout_lines"), ["4", "5"]);
  sendFromPage(widget, { method: "custom", content: { control: "poll" } });
  await until(() => widget.get("stdout_lines").at(-1) === "6");
  widget.close();
});

Deno.test("Controls carry out one thing at a time, and say what failed", async () => {
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  const handle = await manager.run({ name: "acted", cmd: ["sleep", "600"] });
  try {
    const widget = processWidget(handle, { interval: 50 });
    await display(widget);
    const actions: unknown[] = [];
    widget.on("change:action", ({ value }) => actions.push(value));
    const ask = (control: string) =>
      sendFromPage(widget, { method: "custom", content: { control } });
    ask("terminate");
    assertThrows(
      () => ask("restart"),
      Error,
      "Cannot restart while terminate is running: try again when it has finished",
    );
    await until(() => widget.get("status") === "stopped");
    await until(() => widget.get("action") === null);
    assertEquals(actions, [
      { control: "terminate", state: "running", reason: null },
      null,
    ]);
    await Deno.writeTextFile(`${handle.processDir}/config.json`, "{");
    ask("start");
    await until(() => widget.get("action")?.state === "failed");
    const { reason } = widget.get("action")!;
    assert(reason!.includes("config.json"), reason!);
    widget.close();
  } finally {
    await Deno.writeTextFile(
      `${handle.processDir}/config.json`,
      JSON.stringify({ name: "acted", cmd: ["sleep", "600"] }),
    );
    await manager.removeAll({ graceMs: 100 });
  }
});
