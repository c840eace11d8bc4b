import { assert, assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import {
  formatStart,
  parseStart,
  type StartRecord,
} from "../../process/directory/formats.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { StateReader } from "../../process/directory/state_reader.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TempDir, TempProcess } from "./support.ts";

/** Records a sleeping process with a start file that is changed afterwards. */
async function recorded(
  dir: TempDir,
  child: TempProcess,
  change: Partial<StartRecord> = {},
): Promise<ProcessDirectory> {
  const directory = new ProcessDirectory(dir.path, "a");
  const identity = await localProcessTable.find(child.pid);
  assert(identity);
  const supervisor = await localProcessTable.find(Deno.pid);
  await directory.writeRunning(identity, supervisor);
  const start = parseStart(await Deno.readTextFile(directory.startFile));
  await Deno.writeTextFile(
    directory.startFile,
    formatStart({ ...start, ...change }),
  );
  return directory;
}

Deno.test("writeRunning records where a process was started and by whom", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const directory = await recorded(dir, child);
  const identity = await localProcessTable.find(child.pid);
  const self = await localProcessTable.find(Deno.pid);
  const linux = Deno.build.os === "linux";
  const state = await directory.readState();
  assertEquals(state?.start, {
    pid: child.pid,
    createTime: identity!.startTime,
    startTicks: identity!.startTicks,
    bootId: linux
      ? Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim()
      : null,
    pidNamespace: linux ? Deno.readLinkSync("/proc/self/ns/pid") : null,
    host: Deno.hostname(),
    supervisorPid: Deno.pid,
    supervisorStartTicks: self!.startTicks,
  });
  assertEquals((await directory.findRunning())?.pid, child.pid);
  const keys = Object.keys(
    JSON.parse(await Deno.readTextFile(directory.stateFile)),
  );
  assertEquals(keys, ["pid", "process_create_time", "created_at"]);
  await directory.removeState();
  assertEquals(await exists(directory.startFile), false);
});

Deno.test({
  name: "A process is not running if its start ticks are not the recorded ones",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using dir = new TempDir();
    await using child = TempProcess.sleeping();
    const directory = await recorded(dir, child, { startTicks: 1 });
    assertEquals(await directory.findRunning(), null);
  },
});

Deno.test("A start file of another process does not count", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  // As if another system had started the process, which writes no start file.
  for (const change of [{ pid: 1 }, { createTime: 5 }]) {
    const elsewhere = { bootId: "other", host: "other" };
    const directory = await recorded(dir, child, { ...change, ...elsewhere });
    assertEquals((await directory.findRunning())?.pid, child.pid);
  }
});

Deno.test("A process of an earlier boot is not running", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const directory = await recorded(dir, child, { bootId: "earlier" });
  assertEquals(await directory.findRunning(), null);
});

Deno.test("A process of another host or container cannot be seen", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const cases: [Partial<StartRecord>, string][] = [
    [{ bootId: "other", host: "alpha" }, "it runs on 'alpha': act there"],
    [{ bootId: "other", host: null }, "it runs on another host: act there"],
    [
      { pidNamespace: "pid:[1]", host: "alpha" },
      "it runs on 'alpha', in another container or outside of this one: act there",
    ],
  ];
  for (const [change, reason] of cases) {
    const directory = await recorded(dir, child, change);
    const reading = await new StateReader(directory).read();
    assertEquals(reading.value, null);
    assert(reading.elsewhere!.startsWith(reason), `${reading.elsewhere}`);
    assert(reading.elsewhere!.includes(`delete '${directory.stateFile}'`));
    assertEquals(
      reading.error,
      `Cannot see process ${child.pid} as ${reading.elsewhere}`,
    );
    await assertRejects(() => directory.findRunning(), Error, reason);
  }
});

Deno.test("An unreadable record does not count as a process that is not running", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  for (const name of ["stateFile", "startFile"] as const) {
    for (const text of ["", '{"pid":', "[]", '{"pid":"x"}']) {
      const directory = await recorded(dir, child);
      await Deno.writeTextFile(directory[name], text);
      await assertRejects(
        () => directory.findRunning(),
        Error,
        `it may be running. Cannot read '${directory[name]}' as`,
      );
    }
  }
});

Deno.test("the exit of an earlier process is not taken for that of a later one with its pid", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const directory = await recorded(dir, child);
  const { createTime } = (await directory.readState())!;
  const exit = {
    pid: child.pid,
    code: 0,
    signal: null,
    exitedAt: Date.now(),
    reason: "exited",
  } as const;
  await directory.recordExit({ ...exit, createTime: createTime! - 60 });
  assertEquals(await exists(directory.stateFile), true);
  assertEquals(await exists(directory.exitFile), false);
  await directory.recordExit({ ...exit, createTime });
  assertEquals(await exists(directory.stateFile), false);
  assertEquals(await exists(directory.exitFile), true);
});

Deno.test({
  name: "StateReader reads the start file only when the state file has changed",
  // Without ticks, nothing in the start file can be seen to change.
  ignore: Deno.build.os !== "linux",
  async fn() {
    using dir = new TempDir();
    await using child = TempProcess.sleeping();
    const directory = await recorded(dir, child);
    // A file that has just changed would be read again.
    await Deno.utime(directory.stateFile, 0, 0);
    const reader = new StateReader(directory);
    const first = await reader.read();
    await Deno.writeTextFile(directory.startFile, "{");
    assertEquals(await reader.read(), first);
    await Deno.utime(directory.stateFile, 1, 1);
    const { value, error } = await reader.read();
    assertEquals(value, null);
    assert(error?.startsWith(`Cannot read '${directory.startFile}'`), error!);
    await Deno.remove(directory.startFile);
    assertEquals((await reader.read()).error, null);
  },
});
