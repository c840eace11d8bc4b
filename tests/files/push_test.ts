import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async";
import { processWidget } from "../../mod.ts";
import { TempDir, until } from "./support.ts";

/** No poll but the first happens by itself. */
const PUSH = { watch: true, interval: 3_600_000 } as const;

/** Returns the number of watches of each inotify instance of this program. */
function countWatches(): number[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      if (!target.includes("inotify")) return [];
      const info = Deno.readTextFileSync(`/proc/self/fdinfo/${name}`);
      return info.split("\n").filter((l) => l.startsWith("inotify")).length;
    } catch {
      return [];
    }
  });
}

const watches = () => countWatches().reduce((sum, n) => sum + n, 0);

Deno.test("push mode shows a line, a replaced and a rotated log without waiting", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("stdout.log", "a\n");
  for (const source of [dir.path, { stdout }]) {
    await dir.write("stdout.log", "a\n");
    using widget = processWidget(source, PUSH);
    const shows = (line: string) =>
      until(() => widget.get("stdout_lines").at(-1) === line);
    // Polls once more itself, but only if a change was seen.
    const refreshed = until(() => watches() === 1);
    await widget.refresh();
    await widget.refresh();
    await refreshed;
    await dir.append("stdout.log", "b\n");
    await shows("b");
    await until(() => watches() === 1);
    await dir.write("new.log", "c\n");
    await Deno.rename(dir.file("new.log"), stdout);
    await shows("c");
    await until(() => watches() === 1);
    await Deno.rename(stdout, dir.file("stdout.log.1"));
    await dir.write("stdout.log", "d\n");
    await shows("d");
  }
  await until(() => watches() === 0);
});

Deno.test("push mode polls at most ten times a second", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  using widget = processWidget(dir.path, PUSH);
  await until(() => watches() === 1);
  let updates = 0;
  widget.on("change:stdout_lines", () => updates++);
  const start = performance.now();
  for (let i = 0; performance.now() - start < 1000; i++) {
    await dir.append("stdout.log", `${i}\n`);
  }
  const seconds = (performance.now() - start) / 1000;
  assert(updates > 1 && updates <= 10 * seconds + 1, `${updates} updates`);
});

Deno.test("push mode shares one inotify instance and leaves no watch behind", async () => {
  using dir = new TempDir();
  const widgets = [];
  for (let i = 0; i < 100; i++) {
    await Deno.mkdir(dir.file(`${i}`));
    await dir.write(`${i}/stdout.log`, "a\n");
    widgets.push(processWidget(dir.file(`${i}`), PUSH));
  }
  await until(() => watches() === 100);
  assertEquals(countWatches().length, 1);
  widgets[0].pause();
  await until(() => watches() === 99);
  for (const widget of widgets) widget.close();
  await until(() => watches() === 0);
});

Deno.test("push mode watches a directory that is created later", async () => {
  using dir = new TempDir();
  using widget = processWidget(dir.file("later"), {
    watch: true,
    interval: 50,
  });
  await widget.refresh();
  await Deno.mkdir(dir.file("later"));
  await until(() => watches() === 1);
  widget.set("polling_interval", 3600);
  await dir.write("later/stdout.log", "a\n");
  await until(() => widget.get("stdout_lines").length === 1);
});

Deno.test("push mode says where changes are not reported", async () => {
  using widget = processWidget("/proc/self", { watch: true, interval: 50 });
  await until(() => widget.get("watch_notice") !== null);
  assert(widget.get("watch_notice")?.includes("(proc)"));
  await delay(0);
  assertEquals(watches(), 0);
});

Deno.test("push mode rejects an invalid option", () => {
  assertThrows(
    () => processWidget("/x", { watch: 1 as never }),
    TypeError,
    "'watch' must be true or false: current value is 1",
  );
});
