import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { delay } from "@std/async";
import { type ProcessWidget, processWidget } from "../../mod.ts";
import { TempProcessDir } from "../process_dir.ts";
import { display } from "../unit/jupyter/page_message.ts";
import { isHeld, TempDir, until } from "./support.ts";

/** Creates a widget that only this function's stack frame refers to. */
function createWidget(source: string): WeakRef<object> {
  return new WeakRef(processWidget(source, { interval: 50 }));
}

/** Displays a widget as the value of a cell, without a variable for it. */
async function displayWidget(source: string): Promise<WeakRef<ProcessWidget>> {
  const widget = processWidget(source, { interval: 50 });
  await display(widget);
  return new WeakRef(widget);
}

Deno.test("ProcessWidget rejects invalid arguments immediately", () => {
  using dir = new TempDir();
  const cases: [() => unknown, string][] = [
    [() => processWidget(dir.path, { interval: 49 }), "value is 49"],
    [() => processWidget(dir.path, { interval: NaN }), "value is NaN"],
    [
      () => processWidget(dir.path, { interval: "1000" as never }),
      `value is "1000"`,
    ],
    [() => processWidget(dir.path, { lines: -1 }), "-1"],
    [() => processWidget(dir.path, { lines: 1.5 }), "1.5"],
    [() => processWidget(dir.path, { theme: "blue" as never }), `"blue"`],
    [() => processWidget({}), "nothing to watch"],
  ];
  for (const [create, part] of cases) assertThrows(create, Error, part);
});

Deno.test("ProcessWidget rejects invalid trait values and keeps the valid ones", () => {
  using widget = processWidget("/nowhere");
  assertThrows(() => widget.set("theme", "blue" as never), TypeError, "blue");
  assertThrows(() => widget.set("polling_interval", 0.01), RangeError);
  assertThrows(() => widget.set("polling_active", 1 as never), TypeError);
  assertEquals(widget.get("theme"), "auto");
  assertEquals(widget.get("polling_interval"), 1);
  assertEquals(widget.get("polling_active"), true);
});

Deno.test("ProcessWidget follows a process outside a kernel", async () => {
  await using process = await TempProcessDir.idle("alone");
  using widget = processWidget(process.path, { interval: 50 });
  assertEquals(widget.get("status"), "unknown");
  await until(() => widget.get("status") === "running");
  assertEquals(widget.get("pid"), process.pid);
  const line = new RegExp(`^alone: running, pid ${process.pid}, up [01]s$`);
  assertMatch(`${widget}`, line);
  await process.print("hello\n");
  await until(() => widget.get("stdout_lines")[0] === "hello");
  await process.kill();
  await until(() => widget.get("status") === "stopped");
  assertEquals([widget.get("pid"), widget.get("uptime")], [null, "-"]);
});

Deno.test("ProcessWidget pauses, refreshes and resumes", async () => {
  await using process = await TempProcessDir.idle();
  using widget = processWidget(process.path, { interval: 50 });
  await until(() => widget.get("status") === "running");
  widget.pause();
  assertEquals(widget.get("polling_active"), false);
  await process.print("one\n");
  await delay(200);
  assertEquals(widget.get("stdout_lines"), []);
  await widget.refresh();
  assertEquals(widget.get("stdout_lines"), ["one"]);
  await process.print("two\n");
  widget.resume();
  await until(() => widget.get("stdout_lines").length === 2);
});

Deno.test("ProcessWidget applies a new interval immediately", async () => {
  await using process = await TempProcessDir.idle();
  using widget = processWidget(process.path, { interval: 3_600_000 });
  await until(() => widget.get("status") === "running");
  widget.set("polling_interval", 0.05);
  await process.print("soon\n");
  await until(() => widget.get("stdout_lines").length === 1);
});

Deno.test("ProcessWidget closes when its signal is aborted and stays closed", async () => {
  await using process = await TempProcessDir.idle();
  const controller = new AbortController();
  const { signal } = controller;
  const widget = processWidget(process.path, { interval: 50, signal });
  await until(() => widget.get("status") === "running");
  controller.abort();
  assert(widget.closed);
  await process.print("unseen\n");
  await widget.refresh();
  widget.resume();
  await delay(200);
  assertEquals(widget.get("stdout_lines"), []);
  assert(processWidget(process.path, { signal }).closed);
});

Deno.test({
  name: "ProcessWidget that was never displayed is garbage-collected",
  ignore: !("gc" in globalThis),
  async fn() {
    const gc = (globalThis as unknown as { gc: () => void }).gc;
    await using process = await TempProcessDir.idle();
    await process.print("held open\n");
    const openLogs = () =>
      openFiles().filter((f) => f.startsWith(process.path));
    const dropped = createWidget(process.path);
    // It may be collected even before it opens a log.
    await until(() => openLogs().length > 0 || dropped.deref() === undefined);
    await until(async () => {
      gc();
      await delay(20);
      return dropped.deref() === undefined;
    });
    // Its poller has stopped and closed the logs.
    await until(async () => {
      gc();
      await delay(20);
      return openLogs().length === 0;
    });
    // The sanitizer of this test would also detect a timer that still runs.
  },
});

Deno.test({
  name: "ProcessWidget that was displayed lives until it is closed",
  ignore: !("gc" in globalThis),
  async fn() {
    const gc = (globalThis as unknown as { gc: () => void }).gc;
    await using process = await TempProcessDir.idle();
    const widget = await displayWidget(process.path);
    for (let i = 0; i < 5; i++) {
      gc();
      await delay(20);
    }
    const displayed = widget.deref();
    assert(displayed !== undefined);
    await process.print("still polled\n");
    await until(() => displayed.get("stdout_lines").length === 1);
    displayed.close();
  },
});

function openFiles(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      return [Deno.readLinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return [];
    }
  });
}

Deno.test("ProcessWidget reports a file in place of the directory as its error", async () => {
  using dir = new TempDir();
  const file = await dir.write("a-file", "");
  using widget = processWidget(file);
  await widget.refresh();
  assertEquals(
    widget.get("error"),
    `Cannot watch '${file}' as it is a file: name the process directory instead`,
  );
});

Deno.test("ProcessWidget that is paused frees the space of a deleted log", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using widget = processWidget({ stdout });
  await widget.refresh();
  assertEquals(isHeld(stdout), true);
  widget.pause();
  await Deno.remove(stdout);
  await until(() => !isHeld(`${stdout} (deleted)`));
  assertEquals(widget.get("stdout_lines"), ["a"]);
});
