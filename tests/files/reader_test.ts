import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { basename } from "@std/path";
import type { ExitRecord } from "../../process/directory/formats.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { ProcessReader } from "../../process/reader.ts";
import { resolveSource } from "../../process/source.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { EMPTY_SNAPSHOT } from "../empty_snapshot.ts";
import {
  asNobody,
  isHeld,
  isRoot,
  TempDir,
  TempProcess,
  TempZombie,
  until,
} from "./support.ts";

const healthy = { status: "healthy" };
const degraded = { status: "degraded" };

/** Returns the start time of a process, in epoch seconds. */
async function startTimeOf(pid: number): Promise<number> {
  return (await localProcessTable.find(pid))?.startTime ?? 0;
}

/** Records the exit of process 42. */
async function recordExit(
  directory: ProcessDirectory,
  exit: Partial<ExitRecord>,
): Promise<void> {
  await directory.writeExit({
    pid: 42,
    createTime: null,
    code: null,
    signal: null,
    exitedAt: Date.UTC(2026, 10, 22, 16, 50, 45),
    reason: "exited",
    ...exit,
  });
}

Deno.test("ProcessReader reads a process directory in the original's layout", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const startTime = await startTimeOf(child.pid);
  await dir.writeJson("process_state.json", {
    pid: child.pid,
    process_create_time: startTime,
    created_at: new Date().toISOString(),
  });
  await dir.writeJson("config.json", { name: "server", cmd: ["sleep", "600"] });
  await dir.writeJson("health.json", healthy);
  await dir.write("stdout.log", "a\nb\nc");
  await dir.write("stderr.log", "d\n");

  using reader = new ProcessReader(resolveSource(dir.path), { lines: 2 });
  const { usage, ...snapshot } = await reader.read();
  assert(usage !== null && usage.memoryBytes > 0);
  assertEquals(usage.cpuPercent, null);
  assertEquals(snapshot, {
    name: "server",
    status: "running",
    pid: child.pid,
    startedAt: Math.round(startTime * 1000),
    exit: null,
    job: null,
    command: ["sleep", "600"],
    ttlSeconds: null,
    health: {
      status: "healthy",
      message: null,
      timestamp: null,
      details: null,
    },
    stdoutFirst: 1,
    stdoutLines: ["b", "c"],
    stderrFirst: 0,
    stderrLines: ["d"],
    error: null,
  });

  await child.kill();
  const { status, pid, startedAt, health } = await reader.read();
  assertEquals([status, pid, startedAt], ["stopped", null, null]);
  assertEquals(health?.status, "healthy");
});

Deno.test("ProcessReader writes and removes nothing", async () => {
  using dir = new TempDir();
  const { stateFile } = new ProcessDirectory(dir.path);
  const state = '{"pid":4194305}';
  await Deno.writeTextFile(stateFile, state);
  using reader = new ProcessReader(resolveSource(dir.path));
  assertEquals((await reader.read()).status, "stopped");
  const names = Array.from(Deno.readDirSync(dir.path), ({ name }) => name);
  assertEquals(names, [basename(stateFile)]);
  assertEquals(await Deno.readTextFile(stateFile), state);
});

Deno.test("ProcessReader reads a directory that is created later", async () => {
  using dir = new TempDir();
  const directory = new ProcessDirectory(dir.file("later"));
  using reader = new ProcessReader(resolveSource(directory.path));
  assertEquals(await reader.read(), { ...EMPTY_SNAPSHOT, name: "later" });
  await Deno.mkdir(directory.path);
  assertEquals((await reader.read()).status, "stopped");
  await Deno.writeTextFile(directory.stateFile, `{"pid":${Deno.pid}}`);
  await Deno.writeTextFile(directory.stdoutLog, "a\n");
  const { status, stdoutLines } = await reader.read();
  assertEquals([status, stdoutLines], ["running", ["a"]]);
  await Deno.remove(directory.path, { recursive: true });
  const { stdoutFirst, ...removed } = await reader.read();
  assertEquals(stdoutFirst, 1, "the number of the next line");
  assertEquals({ ...removed, stdoutFirst: 0 }, {
    ...EMPTY_SNAPSHOT,
    name: "later",
  });
});

Deno.test("ProcessReader ignores a later process with the same pid", async () => {
  using dir = new TempDir();
  await new ProcessDirectory(dir.path).writeState({
    pid: Deno.pid,
    createTime: 1_000_000_000,
    createdAt: null,
  });
  using reader = new ProcessReader(resolveSource(dir.path));
  const { status, pid } = await reader.read();
  assertEquals([status, pid], ["stopped", null]);
});

Deno.test("ProcessReader treats a zombie as stopped", async () => {
  await using zombie = await TempZombie.create();
  using reader = new ProcessReader(resolveSource({ pid: zombie.pid }));
  assertEquals((await reader.read()).status, "stopped");
});

Deno.test("ProcessReader treats a running process as unhealthy if it reports so", async () => {
  using dir = new TempDir();
  const healthFile = await dir.writeJson("health", degraded);
  const files = resolveSource({ pid: Deno.pid, healthFile });
  using reader = new ProcessReader(files);
  assertEquals((await reader.read()).status, "unhealthy");
  await dir.writeJson("health", healthy);
  assertEquals((await reader.read()).status, "running");
  await Deno.remove(healthFile);
  assertEquals((await reader.read()).status, "running");
});

Deno.test("ProcessReader shows a suspended process as such, whatever it reports", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const healthFile = await dir.writeJson("health", degraded);
  const files = resolveSource({ pid: child.pid, healthFile });
  using reader = new ProcessReader(files);
  const status = async () => (await reader.read()).status;
  Deno.kill(child.pid, "SIGSTOP");
  await until(async () => await status() === "suspended");
  assertEquals((await reader.read()).pid, child.pid);
  using later = new ProcessReader(files);
  assertEquals((await later.read()).status, "suspended");
  Deno.kill(child.pid, "SIGCONT");
  await until(async () => await status() === "unhealthy");
});

Deno.test("ProcessReader shows the status as unknown while a new state is unreadable", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const { stateFile } = new ProcessDirectory(dir.path);
  await Deno.writeTextFile(stateFile, `{"pid":${child.pid}}`);
  using reader = new ProcessReader(resolveSource(dir.path));
  assertEquals((await reader.read()).status, "running");
  await Deno.writeTextFile(stateFile, "{");
  // The last known process still runs.
  assertEquals((await reader.read()).status, "running");
  await child.kill();
  // The broken file may name another one.
  assertEquals((await reader.read()).status, "unknown");
});

Deno.test("ProcessReader shows an exit although the clock was set back before it", async () => {
  using dir = new TempDir();
  const directory = new ProcessDirectory(dir.path);
  const run = { pid: 4_194_305, createTime: Date.now() / 1000 + 3600 };
  await directory.writeState({ ...run, createdAt: null });
  using reader = new ProcessReader(resolveSource(dir.path));
  assertEquals((await reader.read()).status, "stopped");
  await recordExit(directory, { ...run, code: 3, exitedAt: Date.now() });
  assertEquals((await reader.read()).status, "failed");
});

Deno.test("ProcessReader treats a stopped process as stopped despite its last report", async () => {
  using dir = new TempDir();
  const healthFile = await dir.writeJson("health", degraded);
  const pidFile = dir.file("pid");
  using reader = new ProcessReader(resolveSource({ pidFile, healthFile }));
  const { status, health } = await reader.read();
  assertEquals([status, health?.status], ["stopped", "degraded"]);
});

Deno.test("ProcessReader keeps the last valid report until an error is resolved", async () => {
  using dir = new TempDir();
  const healthFile = await dir.writeJson("health", degraded);
  const files = resolveSource({ pid: Deno.pid, healthFile });
  using reader = new ProcessReader(files);
  const good = await reader.read();
  await dir.write("health", '{"status":');
  const { error, ...rest } = await reader.read();
  // Memory usage differs from poll to poll.
  assertEquals({ ...rest, usage: good.usage, error: null }, good);
  assert(
    error?.startsWith(`Cannot read '${healthFile}' as it is not valid JSON`),
  );
  await dir.writeJson("health", healthy);
  const { status, error: resolved } = await reader.read();
  assertEquals([status, resolved], ["running", null]);
});

Deno.test("ProcessReader follows a pid file", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const pidFile = dir.file("server.pid");
  using reader = new ProcessReader(resolveSource({ pidFile }));
  assertEquals((await reader.read()).status, "stopped");

  await dir.write("server.pid", "");
  const empty = await reader.read();
  assertEquals(empty.status, "unknown");
  assert(empty.error?.includes("its first line is empty"));

  await dir.write("server.pid", `${child.pid}\nignored\n`);
  const { name, status, pid, startedAt, error } = await reader.read();
  assertEquals([name, status, pid, error], [
    "server",
    "running",
    child.pid,
    null,
  ]);
  assertEquals(startedAt, Math.round(await startTimeOf(child.pid) * 1000));

  await dir.write("server.pid", "garbage");
  const garbage = await reader.read();
  assertEquals([garbage.status, garbage.pid], ["running", child.pid]);
  assert(garbage.error?.includes("'garbage' is not a pid"));

  await dir.write("server.pid", `${Deno.pid}`);
  assertEquals((await reader.read()).pid, Deno.pid);
  await Deno.remove(pidFile);
  assertEquals((await reader.read()).status, "stopped");
});

Deno.test("ProcessReader does not infer from logs and health that a process is running", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  const healthFile = await dir.writeJson("health", healthy);
  using reader = new ProcessReader(resolveSource({ stdout, healthFile }));
  const { status, stdoutLines, health, error } = await reader.read();
  assertEquals([status, stdoutLines, error], ["unknown", ["a"], null]);
  assertEquals(health?.status, "healthy");
});

Deno.test("ProcessReader prefers the name in the source to the configured one", async () => {
  using dir = new TempDir();
  const { configFile } = new ProcessDirectory(dir.path);
  await Deno.writeTextFile(configFile, '{"name":"configured"}');
  const files = resolveSource({ processDir: dir.path, name: "given" });
  using reader = new ProcessReader(files);
  assertEquals((await reader.read()).name, "given");
});

Deno.test("ProcessReader reports every error, one sentence per line", async () => {
  using dir = new TempDir();
  const directory = new ProcessDirectory(dir.path);
  const { configFile, stateFile, healthFile } = directory;
  await Deno.writeTextFile(configFile, "{");
  await Deno.writeTextFile(stateFile, "[]");
  await Deno.writeTextFile(healthFile, "{}");
  await Deno.mkdir(directory.stdoutLog);
  await dir.fifo(basename(directory.stderrLog));
  using reader = new ProcessReader(resolveSource(dir.path));
  const { status, error } = await reader.read();
  assertEquals(status, "unknown");
  const expected = [
    `Cannot read '${configFile}' as it is not valid JSON`,
    `Cannot read '${stateFile}' as it does not hold a JSON object`,
    `Cannot read '${healthFile}' as 'status' is missing`,
    `Cannot read '${directory.stdoutLog}' as it is a directory`,
    `Cannot read '${directory.stderrLog}' as it is a FIFO`,
  ];
  const lines = error?.split("\n") ?? [];
  assertEquals(lines.length, expected.length);
  for (const [at, start] of expected.entries()) {
    assert(lines[at].startsWith(start), lines[at]);
  }
});

Deno.test("ProcessReader reports a file in place of the directory", async () => {
  using dir = new TempDir();
  using reader = new ProcessReader(resolveSource(dir.file("x")));
  assertEquals((await reader.read()).error, null);
  await dir.write("x", "");
  const { status, error } = await reader.read();
  assertEquals(status, "unknown");
  assertEquals(
    error,
    `Cannot watch '${
      dir.file("x")
    }' as it is a file: name the process directory instead`,
  );
});

Deno.test("ProcessReader reports a file in the path of the directory", async () => {
  using dir = new TempDir();
  await dir.write("x", "");
  using reader = new ProcessReader(resolveSource(dir.file("x/y")));
  assertEquals(
    (await reader.read()).error,
    `Cannot read '${
      dir.file("x/y")
    }' as a part of its path is a file: name another path`,
  );
});

Deno.test({
  name:
    "ProcessReader reports a directory that it may not enter in one sentence",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    using reader = new ProcessReader(resolveSource(dir.path));
    using _nobody = asNobody();
    assertEquals(
      (await reader.read()).error,
      `Cannot read '${dir.path}' as permission is denied: let this user read it`,
    );
  },
});

Deno.test("ProcessReader releases deleted logs between polls", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using reader = new ProcessReader(resolveSource({ stdout }));
  await reader.read();
  await reader.releaseDeletedLogs();
  assertEquals(isHeld(stdout), true);
  await Deno.remove(stdout);
  await reader.releaseDeletedLogs();
  assertEquals(isHeld(`${stdout} (deleted)`), false);
  assertEquals((await reader.read()).stdoutLines, []);
  await dir.write("log", "b\n");
  assertEquals((await reader.read()).stdoutLines, ["b"]);
});

Deno.test("ProcessReader returns the same array while nothing is printed", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using reader = new ProcessReader(resolveSource({ stdout }));
  const first = await reader.read();
  const second = await reader.read();
  assertStrictEquals(second.stdoutLines, first.stdoutLines);
  assertStrictEquals(second.stderrLines, first.stderrLines);
});

Deno.test("ProcessReader returns at most the configured number of lines", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\nb\nc\n");
  using reader = new ProcessReader(resolveSource({ stdout }), { lines: 1 });
  assertEquals((await reader.read()).stdoutLines, ["c"]);
  reader.lines = 2;
  assertEquals((await reader.read()).stdoutLines, ["b", "c"]);
  assertEquals(reader.lines, 2);
});

Deno.test("ProcessReader can be closed twice and during a poll", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using reader = new ProcessReader(resolveSource({ stdout }));
  await reader.read();
  const poll = reader.read();
  reader.close();
  reader.close();
  assertEquals((await poll).stdoutLines, ["a"]);
});

Deno.test("ProcessReader distinguishes a failed process from a stopped one", async () => {
  using dir = new TempDir();
  const directory = new ProcessDirectory(dir.path);
  using reader = new ProcessReader(resolveSource(dir.path));
  await recordExit(directory, { code: 3 });
  const failed = await reader.read();
  assertEquals([failed.status, failed.exit?.code], ["failed", 3]);
  await recordExit(directory, { code: 0 });
  assertEquals((await reader.read()).status, "stopped");
  await recordExit(directory, { signal: "SIGKILL" });
  assertEquals((await reader.read()).status, "failed");
  await recordExit(directory, { signal: "SIGTERM", reason: "terminated" });
  const { status, exit } = await reader.read();
  assertEquals([status, exit?.signal], ["stopped", "SIGTERM"]);
});

Deno.test("ProcessReader ignores the exit record of an earlier run", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const directory = new ProcessDirectory(dir.path);
  await recordExit(directory, { code: 3 });
  const createTime = await startTimeOf(child.pid);
  await directory.writeState({ pid: child.pid, createTime, createdAt: null });
  using reader = new ProcessReader(resolveSource(dir.path));
  const running = await reader.read();
  assertEquals([running.status, running.exit], ["running", null]);
  await child.kill();
  await directory.removeState();
  const exited = await reader.read();
  assertEquals([exited.status, exited.exit], ["stopped", null]);
});
