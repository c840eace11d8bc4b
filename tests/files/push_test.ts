import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async";
import { ProcessHandle } from "../../handle.ts";
import type { ProcessSource } from "../../process/source.ts";
import { type ProcessWidget, processWidget } from "../../mod.ts";
import type { ProcessWidgetOptions } from "../../widget/options.ts";
import { display, sendFromPage } from "../unit/jupyter/page_message.ts";
import { TempDir, until } from "./support.ts";
import { countInstances, countWatches } from "./inotify.ts";

/** No poll but the first happens by itself. */
const PUSH = { watch: true, interval: 3_600_000 } as const;

/** A widget in push mode, which is watching its files. */
class PushedWidget implements AsyncDisposable {
  readonly widget: ProcessWidget;

  private constructor(widget: ProcessWidget) {
    this.widget = widget;
  }

  static async create(
    source: ProcessSource,
    options?: ProcessWidgetOptions,
  ): Promise<PushedWidget> {
    const widget = processWidget(source, { ...PUSH, ...options });
    await until(() => countWatches() > 0);
    return new PushedWidget(widget);
  }

  /** Waits until the last line of its standard output is this one. */
  async shows(line: string): Promise<void> {
    await until(() => this.widget.get("stdout_lines").at(-1) === line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.widget.close();
    await until(() => countInstances() === 0);
  }
}

Deno.test("push mode shows a line, a replaced and a rotated log without waiting", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("stdout.log", "a\n");
  for (const source of [dir.path, { stdout }]) {
    await dir.write("stdout.log", "a\n");
    await using pushed = await PushedWidget.create(source);
    await dir.append("stdout.log", "b\n");
    await pushed.shows("b");
    await dir.write("new.log", "c\n");
    await Deno.rename(dir.file("new.log"), stdout);
    await pushed.shows("c");
    await Deno.rename(stdout, dir.file("stdout.log.1"));
    await dir.write("stdout.log", "d\n");
    await pushed.shows("d");
    await Deno.truncate(stdout);
    await dir.append("stdout.log", "e\n");
    await pushed.shows("e");
  }
});

Deno.test("push mode polls at most ten times a second", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  await using pushed = await PushedWidget.create(dir.path);
  let updates = 0;
  pushed.widget.on("change:stdout_lines", () => updates++);
  const start = performance.now();
  for (let i = 0; performance.now() - start < 1000; i++) {
    await dir.append("stdout.log", `${i}\n`);
  }
  const seconds = (performance.now() - start) / 1000;
  assert(updates > 1 && updates <= 10 * seconds + 1, `${updates} updates`);
});

Deno.test("push mode shares one inotify instance and leaves no watch behind", async () => {
  using dir = new TempDir();
  using widgets = new DisposableStack();
  const open = async (name: string) => {
    await Deno.mkdir(dir.file(name));
    await dir.write(`${name}/stdout.log`, "a\n");
    return widgets.use(processWidget(dir.file(name), PUSH));
  };
  const first = await open("0");
  for (let i = 1; i < 100; i++) await open(`${i}`);
  // Polling a hundred takes a while on a busy machine.
  await until(() => countWatches() === 100, 20_000);
  assertEquals(countInstances(), 1);
  first.pause();
  await until(() => countWatches() === 99);
  widgets.dispose();
  await until(() => countInstances() === 0);
});

Deno.test("push mode watches a directory that is created later", async () => {
  using dir = new TempDir();
  const later = dir.file("later");
  using widget = processWidget(later, { watch: true, interval: 50 });
  await widget.refresh();
  await Deno.mkdir(later);
  await dir.write("later/stdout.log", "a\n");
  await until(() => countWatches() === 1);
  widget.set("polling_interval", 3600);
  await dir.append("later/stdout.log", "b\n");
  await until(() => widget.get("stdout_lines").at(-1) === "b");
  widget.close();
  await until(() => countInstances() === 0);
});

Deno.test("push mode notices that a directory is removed, and watches the next one", async () => {
  using dir = new TempDir();
  await Deno.mkdir(dir.file("x"));
  await dir.write("x/stdout.log", "a\n");
  await using pushed = await PushedWidget.create(dir.file("x"));
  await pushed.shows("a");
  await Deno.remove(dir.file("x"), { recursive: true });
  await until(() => countWatches() === 0);
  await Deno.mkdir(dir.file("x"));
  await dir.write("x/stdout.log", "b\n");
  // Only the interval notices that: the folder around it is not watched.
  await pushed.widget.refresh();
  await until(() => countWatches() === 1);
  await dir.append("x/stdout.log", "c\n");
  await pushed.shows("c");
});

Deno.test("push mode follows links: to a directory, to a log in it, and to a single log", async () => {
  using dir = new TempDir();
  for (const name of ["one", "two"]) {
    await Deno.mkdir(dir.file(name));
    await dir.write(`${name}/stdout.log`, `${name}\n`);
  }
  const pointTo = async (link: string, target: string) => {
    await Deno.symlink(dir.file(target), dir.file("new"));
    await Deno.rename(dir.file("new"), dir.file(link));
  };
  await pointTo("dir", "one");
  await pointTo("log", "one/stdout.log");
  await Deno.mkdir(dir.file("linked"));
  await pointTo("linked/stdout.log", "one/stdout.log");
  const cases: [source: ProcessSource, link: string, suffix: string][] = [
    [dir.file("dir"), "dir", ""],
    [{ stdout: dir.file("log") }, "log", "/stdout.log"],
    [dir.file("linked"), "linked/stdout.log", "/stdout.log"],
  ];
  for (const [source, link, suffix] of cases) {
    await using pushed = await PushedWidget.create(source);
    await dir.append("one/stdout.log", `${link}\n`);
    await pushed.shows(link);
    await pointTo(link, `two${suffix}`);
    await pushed.shows("two");
    await dir.append("two/stdout.log", `${link} again\n`);
    await pushed.shows(`${link} again`);
    await dir.write("two/stdout.log", "two\n");
  }
});

Deno.test("push mode does not see what happens beside a single file", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("stdout.log", "a\n");
  await using pushed = await PushedWidget.create({ stdout });
  for (let i = 0; i < 500; i++) {
    await dir.write(`${i}`, "noise\n");
    // An event would end the watch.
    assertEquals(countWatches(), 1);
  }
  await dir.append("stdout.log", "b\n");
  await pushed.shows("b");
});

Deno.test("push mode does not wait for a FIFO in the directory", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  await using pushed = await PushedWidget.create(dir.path);
  const fifo = await dir.fifo("fifo");
  using other = processWidget({ stdout: dir.file("stdout.log") }, PUSH);
  await until(() => countWatches() === 2);
  other.close();
  await dir.append("stdout.log", "b\n");
  await pushed.shows("b");
  await Deno.remove(dir.file("stdout.log"));
  await Deno.rename(fifo, dir.file("stdout.log"));
  await until(() => pushed.widget.get("error") !== null);
});

Deno.test("push mode says where changes are not reported", async () => {
  using widget = processWidget("/proc/self", { watch: true, interval: 50 });
  await until(() => widget.get("watch_notice") !== null);
  assert(widget.get("watch_notice")?.includes("(proc)"));
  await delay(0);
  assertEquals(countInstances(), 0);
});

Deno.test("push mode watches nothing while nobody looks", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  await using pushed = await PushedWidget.create(dir.path);
  await display(pushed.widget);
  const show = (views: number) =>
    sendFromPage(pushed.widget, { method: "views", page: "page", views });
  show(1);
  show(0);
  await until(() => countInstances() === 0);
  await dir.append("stdout.log", "b\n");
  show(1);
  await pushed.shows("b");
  await until(() => countWatches() === 1);
});

Deno.test({
  name: "push mode ends with a widget that is garbage-collected",
  ignore: !("gc" in globalThis),
  async fn() {
    const gc = (globalThis as unknown as { gc: () => void }).gc;
    using dir = new TempDir();
    await dir.write("stdout.log", "a\n");
    const create = () => new WeakRef(processWidget(dir.path, PUSH));
    const dropped = create();
    await until(() => countWatches() > 0 || dropped.deref() === undefined);
    await until(async () => {
      gc();
      await delay(20);
      return countInstances() === 0;
    });
  },
});

Deno.test("push mode is an option of a handle's widget", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  const handle = new ProcessHandle(dir.path, "x");
  const widget = handle.widget(PUSH);
  await until(() => countWatches() === 1);
  await dir.append("stdout.log", "b\n");
  await until(() => widget.get("stdout_lines").at(-1) === "b");
  widget.close();
  await until(() => countInstances() === 0);
});

Deno.test("push mode rejects an invalid option", () => {
  assertThrows(
    () => processWidget("/x", { watch: 1 as never }),
    TypeError,
    "'watch' must be true or false: current value is 1",
  );
});
