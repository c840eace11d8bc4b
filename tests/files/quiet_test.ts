/** What many widgets show although most of their polls read no file. */
import { assert, assertEquals } from "@std/assert";
import { processWidget } from "../../mod.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { countInstances, countWatches } from "./inotify.ts";
import { QuietReader } from "./quiet_reader.ts";
import { TempDir, TempProcess, until } from "./support.ts";

Deno.test("a quiet poll reads no file", async () => {
  using dir = new TempDir();
  using elsewhere = new TempDir();
  await dir.writeJson("health.json", { status: "healthy" });
  await using reader = new QuietReader(dir.path);
  await reader.quieten();
  // The one change that is not reported: through a hard link in another folder.
  await Deno.link(dir.file("health.json"), elsewhere.file("link"));
  await reader.quieten();
  await elsewhere.writeJson("link", { status: "ill" });
  assertEquals((await reader.poll()).health?.status, "healthy");
  reader.expire();
  assertEquals((await reader.poll()).health?.status, "ill");
});

Deno.test("a folder whose changes are not reported is not watched any longer", async () => {
  using dir = new TempDir();
  using elsewhere = new TempDir();
  await dir.writeJson("health.json", { status: "healthy" });
  await Deno.link(dir.file("health.json"), elsewhere.file("link"));
  await using reader = new QuietReader(dir.path, { maxMs: 500 });
  await reader.quieten();
  await elsewhere.writeJson("link", { status: "ill" });
  const start = performance.now();
  await until(async () => (await reader.poll()).health?.status === "ill");
  const ms = performance.now() - start;
  assert(ms < 1000, `it took ${ms} ms`);
  for (const status of ["healthy", "worse", "dead"]) {
    await elsewhere.writeJson("link", { status });
    assertEquals((await reader.poll()).health?.status, status);
    assertEquals(reader.armed, false);
  }
});

Deno.test("reading quiet files again changes nothing", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  await dir.writeJson("process_state.json", { pid: child.pid });
  await dir.write("stdout.log", "a\nb\n");
  await using reader = new QuietReader(dir.path, { maxMs: 20 });
  await reader.quieten();
  const end = performance.now() + 200;
  while (performance.now() < end) await reader.poll();
  await reader.quieten();
  reader.lines = 1;
  assertEquals((await reader.poll()).stdoutLines, ["b"]);
  reader.lines = 10;
  assertEquals((await reader.poll()).stdoutLines, ["a", "b"]);
  await reader.quieten();
});

Deno.test("every change of a quiet file shows at the next poll", async () => {
  using dir = new TempDir();
  const directory = new ProcessDirectory(dir.path);
  await using reader = new QuietReader(dir.path);
  const replace = async (name: string, content: string) => {
    await dir.write("new", content);
    await Deno.rename(dir.file("new"), dir.file(name));
  };
  const lines = (snapshot: ProcessSnapshot) => snapshot.stdoutLines.join();
  const status = (snapshot: ProcessSnapshot) => snapshot.status;
  const exit = {
    pid: Deno.pid,
    createTime: null,
    code: 1,
    signal: null,
    exitedAt: 0,
    reason: "exited",
  } as const;
  const log = dir.file("stdout.log");
  const changes: [
    name: string,
    change: () => Promise<unknown>,
    field: (snapshot: ProcessSnapshot) => unknown,
    shown: unknown,
  ][] = [
    ["created", () => dir.write("stdout.log", "a\n"), lines, "a"],
    ["appended to", () => dir.append("stdout.log", "b\n"), lines, "a,b"],
    ["truncated", () => Deno.truncate(log), lines, ""],
    ["overwritten", () => dir.write("stdout.log", "c\n"), lines, "c"],
    ["replaced", () => replace("stdout.log", "d\n"), lines, "d"],
    ["rotated", () => Deno.rename(log, `${log}.1`), lines, "d"],
    ["renamed", () => dir.append("stdout.log.1", "e\n"), lines, "d,e"],
    ["next", () => dir.write("stdout.log", "f\n"), lines, "d,e,f"],
    ["removed", () => Deno.remove(log), lines, ""],
    [
      "health",
      () => dir.writeJson("health.json", { status: "ill" }),
      (snapshot) => snapshot.health?.status,
      "ill",
    ],
    [
      "health replaced",
      () => replace("health.json", '{"status":"healthy"}'),
      (snapshot) => snapshot.health?.status,
      "healthy",
    ],
    [
      "half-written health",
      () => dir.write("health.json", "{"),
      (snapshot) => snapshot.error !== null,
      true,
    ],
    [
      "health removed",
      () => Deno.remove(dir.file("health.json")),
      (snapshot) => snapshot.error,
      null,
    ],
    [
      "config",
      () => dir.writeJson("config.json", { name: "server", cmd: ["sleep"] }),
      (snapshot) => snapshot.name,
      "server",
    ],
    [
      "state",
      () => dir.writeJson("process_state.json", { pid: Deno.pid }),
      status,
      "running",
    ],
    ["state removed", () => directory.removeState(), status, "stopped"],
    ["exit record", () => directory.writeExit(exit), status, "failed"],
    ["exit removed", () => Deno.remove(directory.exitFile), status, "stopped"],
    [
      "mode",
      () => Deno.chmod(dir.path, 0o700),
      (snapshot) => snapshot.error,
      null,
    ],
  ];
  for (const [name, change, field, shown] of changes) {
    await reader.poll();
    // A log that was renamed, and what cannot be read, is never quiet.
    if (!["renamed", "next", "health removed"].includes(name)) {
      await reader.quieten();
    }
    await change();
    assertEquals(field(await reader.poll()), shown, name);
  }
});

Deno.test("a quiet poll notices that the process was suspended and has ended", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const directory = new ProcessDirectory(dir.path);
  await dir.writeJson("process_state.json", { pid: child.pid });
  await using reader = new QuietReader(dir.path);
  await reader.quieten();
  const { status, usage } = await reader.poll();
  assertEquals(status, "running");
  assert(usage !== null);
  Deno.kill(child.pid, "SIGSTOP");
  await until(async () => (await reader.poll()).status === "suspended");
  assert(await reader.isQuiet());
  await child.kill();
  const ended = await reader.poll();
  assertEquals([ended.status, ended.pid, ended.usage], ["stopped", null, null]);
  await reader.quieten();
  await directory.writeExit({
    pid: child.pid,
    createTime: null,
    code: null,
    signal: "SIGKILL",
    exitedAt: Date.now(),
    reason: "exited",
  });
  assertEquals((await reader.poll()).exit?.signal, "SIGKILL");
});

Deno.test("a folder that is replaced shows, however its path leads to it", async () => {
  using dir = new TempDir();
  const create = async (name: string, line: string) => {
    await Deno.mkdir(dir.file(name), { recursive: true });
    await dir.write(`${name}/stdout.log`, `${line}\n`);
  };
  const pointTo = async (link: string, target: string) => {
    await Deno.symlink(dir.file(target), dir.file("link"));
    await Deno.rename(dir.file("link"), dir.file(link));
  };
  await create("a/x", "one");
  await create("b/x", "one");
  await pointTo("c", "a");
  await pointTo("d", "a/x");
  await pointTo("e", "c/x");
  await create("two/x", "two");
  const cases: [path: string, change: () => Promise<unknown>][] = [
    ["e", () => pointTo("c", "two")],
    ["e", () => pointTo("e", "b/x")],
    ["d", () => pointTo("d", "two/x")],
    ["b/x", async () => {
      await Deno.rename(dir.file("b"), dir.file("old"));
      await create("b/x", "two");
    }],
    ["b/x", async () => {
      await Deno.rename(dir.file("b/x"), dir.file("older"));
      await create("b/x", "three");
    }],
    ["b/x", async () => {
      await Deno.remove(dir.file("b/x"), { recursive: true });
      await create("b/x", "four");
    }],
    ["b/x", () => Deno.remove(dir.file("b/x"), { recursive: true })],
  ];
  for (const [path, change] of cases) {
    const log = dir.file(`${path}/stdout.log`);
    await using reader = new QuietReader(dir.file(path));
    await reader.quieten();
    await change();
    const expected = await Deno.readTextFile(log).catch(() => "");
    // Lookups are shared for 100 ms.
    await until(async () => {
      const { stdoutLines } = await reader.poll();
      return (stdoutLines.at(-1) ?? "") === expected.trim();
    }, 500);
  }
});

Deno.test("a directory that is created later becomes quiet", async () => {
  using dir = new TempDir();
  await using reader = new QuietReader(dir.file("later"));
  await reader.poll();
  await reader.poll();
  await Deno.mkdir(dir.file("later"));
  await dir.write("later/stdout.log", "a\n");
  assertEquals((await reader.poll()).stdoutLines, ["a"]);
  await reader.quieten();
  await dir.append("later/stdout.log", "b\n");
  assertEquals((await reader.poll()).stdoutLines, ["a", "b"]);
});

Deno.test("a link in the folder is never quiet, whatever it leads to", async () => {
  using dir = new TempDir();
  using elsewhere = new TempDir();
  await elsewhere.write("one", "one\n");
  await elsewhere.write("two", "two\n");
  await dir.write("stdout.log", "zero\n");
  await using reader = new QuietReader(dir.path);
  await reader.quieten();
  const linkTo = async (path: string) => {
    await Deno.symlink(path, dir.file("link"));
    await Deno.rename(dir.file("link"), dir.file("stdout.log"));
  };
  await linkTo(elsewhere.file("one"));
  assertEquals((await reader.poll()).stdoutLines, ["one"]);
  for (let i = 0; i < 5; i++) {
    await elsewhere.append("one", `${i}\n`);
    assertEquals((await reader.poll()).stdoutLines.at(-1), `${i}`);
    assertEquals(await reader.isQuiet(), false);
  }
  await Deno.symlink(elsewhere.file("one"), elsewhere.file("current"));
  await linkTo(elsewhere.file("current"));
  assert((await reader.poll()).stdoutLines.includes("4"));
  await Deno.remove(elsewhere.file("current"));
  await Deno.symlink(elsewhere.file("two"), elsewhere.file("current"));
  assertEquals((await reader.poll()).stdoutLines.at(-1), "two");
  // A plain file again.
  await dir.write("new", "three\n");
  await Deno.rename(dir.file("new"), dir.file("stdout.log"));
  assertEquals((await reader.poll()).stdoutLines.at(-1), "three");
});

Deno.test("a log that has another path is never quiet", async () => {
  using dir = new TempDir();
  using elsewhere = new TempDir();
  await dir.write("stdout.log", "a\n");
  await using reader = new QuietReader(dir.path);
  await reader.quieten();
  // An event reports that in the other folder only.
  await Deno.link(dir.file("stdout.log"), elsewhere.file("link"));
  reader.expire();
  await reader.poll();
  await elsewhere.append("link", "b\n");
  assertEquals((await reader.poll()).stdoutLines.at(-1), "b");
  await Deno.remove(elsewhere.file("link"));
  reader.expire();
  await reader.quieten();
  await Deno.rename(dir.file("stdout.log"), elsewhere.file("old"));
  await reader.poll();
  await elsewhere.append("old", "c\n");
  assertEquals((await reader.poll()).stdoutLines.at(-1), "c");
});

Deno.test("a folder that changes before every poll is rarely watched", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  await using reader = new QuietReader(dir.path);
  await reader.quieten();
  let watched = 0;
  for (let i = 0; i < 200; i++) {
    await dir.append("stdout.log", `${i}\n`);
    assertEquals((await reader.poll()).stdoutLines.at(-1), `${i}`);
    if (reader.armed) watched++;
  }
  assert(watched <= 12, `it was watched ${watched} times`);
  await reader.quieten();
});

Deno.test("a folder with many files is not watched", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  const name = "x".repeat(200);
  for (let i = 0; i < 1000; i++) await dir.write(`${name}${i}`, "");
  await using reader = new QuietReader(dir.path);
  for (let i = 0; i < 3; i++) {
    await reader.poll();
    assertEquals(reader.armed, false);
  }
});

Deno.test("only the folders of many widgets are watched, and while they poll", async () => {
  using dir = new TempDir();
  using all = new DisposableStack();
  const create = async (i: number, watch = false) => {
    await Deno.mkdir(dir.file(`${i}`));
    await dir.write(`${i}/stdout.log`, "a\n");
    return all.use(processWidget(dir.file(`${i}`), { interval: 50, watch }));
  };
  const widgets = await Promise.all(
    Array.from({ length: 30 }, (_, i) => create(i)),
  );
  for (let i = 0; i < 3; i++) {
    await Promise.all(widgets.map((widget) => widget.refresh()));
    assertEquals(countWatches(), 0);
  }
  // The last one is in push mode, which shares its watch.
  widgets.push(await create(30), await create(31, true));
  await until(() => countWatches() === 32);
  assertEquals(countInstances(), 1);
  for (const [i, widget] of widgets.entries()) {
    await dir.append(`${i}/stdout.log`, "b\n");
    await until(() => widget.get("stdout_lines").at(-1) === "b");
  }
  await until(() => countWatches() === 32);
  const [first, ...others] = widgets;
  first.pause();
  await until(() => countWatches() === 31);
  await dir.append("0/stdout.log", "c\n");
  first.resume();
  await until(() => first.get("stdout_lines").at(-1) === "c");
  await until(() => countWatches() === 32);
  first.close();
  others[0].close();
  // 30 are left, of which one is in push mode.
  await until(() => countWatches() === 1);
  all.dispose();
  await until(() => countInstances() === 0);
});

Deno.test("refreshing one of many widgets reads its files in any case", async () => {
  using dir = new TempDir();
  using elsewhere = new TempDir();
  using widgets = new DisposableStack();
  const create = async (i: number) => {
    await Deno.mkdir(dir.file(`${i}`));
    await dir.writeJson(`${i}/health.json`, { status: "healthy" });
    return widgets.use(processWidget(dir.file(`${i}`), { interval: 50 }));
  };
  const first = await create(0);
  for (let i = 1; i < 31; i++) await create(i);
  await Deno.link(dir.file("0/health.json"), elsewhere.file("link"));
  await until(() => countWatches() === 31);
  for (let i = 0; i < 5; i++) {
    await elsewhere.writeJson("link", { status: `${i}` });
    await first.refresh();
    assertEquals(first.get("health_status"), `${i}`);
  }
  widgets.dispose();
  await until(() => countInstances() === 0);
});
