import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { ProcessReader } from "../../process/reader.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { resolveSource } from "../../process/source.ts";
import { TempDir, TempProcess, TempZombie } from "./support.ts";

const NOTHING: Omit<ProcessSnapshot, "name"> = {
  status: "unknown",
  pid: null,
  startedAt: null,
  exit: null,
  command: null,
  ttlSeconds: null,
  health: null,
  usage: null,
  stdoutFirst: 0,
  stdoutLines: [],
  stderrFirst: 0,
  stderrLines: [],
  error: null,
};

const healthy = { status: "healthy" };
const degraded = { status: "degraded" };

/** Writes a state file as the original does, and returns the start in epoch ms. */
async function writeState(dir: TempDir, pid: number): Promise<number> {
  const createTime = (await localProcessTable.find(pid))?.startTime ?? 0;
  const created_at = new Date().toISOString();
  const state = { pid, process_create_time: createTime, created_at };
  await dir.writeJson("process_state.json", state);
  return Math.round(createTime * 1000);
}

Deno.test("ProcessReader shows a process directory in the original's layout", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  const startedAt = await writeState(dir, child.pid);
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
    startedAt,
    exit: null,
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
  const { status, pid, startedAt: since, health } = await reader.read();
  assertEquals([status, pid, since], ["stopped", null, null]);
  assertEquals(health?.status, "healthy");
});

Deno.test("ProcessReader writes and removes nothing", async () => {
  using dir = new TempDir();
  await dir.writeJson("process_state.json", { pid: 4_194_305 });
  using reader = new ProcessReader(resolveSource(dir.path));
  assertEquals((await reader.read()).status, "stopped");
  const names = Array.from(Deno.readDirSync(dir.path), ({ name }) => name);
  assertEquals(names, ["process_state.json"]);
});

Deno.test("ProcessReader shows a directory that appears later", async () => {
  using dir = new TempDir();
  using reader = new ProcessReader(resolveSource(dir.file("later")));
  assertEquals(await reader.read(), { name: "later", ...NOTHING });
  await Deno.mkdir(dir.file("later"));
  assertEquals((await reader.read()).status, "stopped");
  await dir.writeJson("later/process_state.json", { pid: Deno.pid });
  await dir.write("later/stdout.log", "a\n");
  const { status, stdoutLines } = await reader.read();
  assertEquals([status, stdoutLines], ["running", ["a"]]);
  await Deno.remove(dir.file("later"), { recursive: true });
  // Numbers of lines are never used again.
  const removed = { name: "later", ...NOTHING, stdoutFirst: 1 };
  assertEquals(await reader.read(), removed);
});

Deno.test("ProcessReader does not take another owner of the pid for the process", async () => {
  using dir = new TempDir();
  await dir.writeJson("process_state.json", {
    pid: Deno.pid,
    process_create_time: 1_000_000_000,
  });
  using reader = new ProcessReader(resolveSource(dir.path));
  const { status, pid } = await reader.read();
  assertEquals([status, pid], ["stopped", null]);
});

Deno.test("ProcessReader takes a zombie for stopped", async () => {
  await using zombie = await TempZombie.make();
  using reader = new ProcessReader(resolveSource({ pid: zombie.pid }));
  assertEquals((await reader.read()).status, "stopped");
});

Deno.test("ProcessReader shows a running process as unhealthy when it says so", async () => {
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

Deno.test("ProcessReader shows a stopped process as stopped, whatever it last said", async () => {
  using dir = new TempDir();
  const healthFile = await dir.writeJson("health", degraded);
  const pidFile = dir.file("pid");
  using reader = new ProcessReader(resolveSource({ pidFile, healthFile }));
  const { status, health } = await reader.read();
  assertEquals([status, health?.status], ["stopped", "degraded"]);
});

Deno.test("ProcessReader keeps the last good report beside an error, until it clears", async () => {
  using dir = new TempDir();
  const healthFile = await dir.writeJson("health", degraded);
  const files = resolveSource({ pid: Deno.pid, healthFile });
  using reader = new ProcessReader(files);
  const good = await reader.read();
  await dir.write("health", '{"status":');
  const { error, ...rest } = await reader.read();
  // Memory is another each time.
  assertEquals({ ...rest, usage: good.usage, error: null }, good);
  assert(
    error?.startsWith(`Cannot read '${healthFile}' as it is not valid JSON`),
  );
  await dir.writeJson("health", healthy);
  const { status, error: cleared } = await reader.read();
  assertEquals([status, cleared], ["running", null]);
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
  const found = await localProcessTable.find(child.pid);
  assertEquals(startedAt, Math.round((found?.startTime ?? 0) * 1000));

  await dir.write("server.pid", "garbage");
  const garbage = await reader.read();
  assertEquals([garbage.status, garbage.pid], ["running", child.pid]);
  assert(garbage.error?.includes("'garbage' is no pid"));

  await dir.write("server.pid", `${Deno.pid}`);
  assertEquals((await reader.read()).pid, Deno.pid);
  await Deno.remove(pidFile);
  assertEquals((await reader.read()).status, "stopped");
});

Deno.test("ProcessReader cannot tell from logs and health alone whether a process runs", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  const healthFile = await dir.writeJson("health", healthy);
  using reader = new ProcessReader(resolveSource({ stdout, healthFile }));
  const { status, stdoutLines, health, error } = await reader.read();
  assertEquals([status, stdoutLines, error], ["unknown", ["a"], null]);
  assertEquals(health?.status, "healthy");
});

Deno.test("ProcessReader prefers a given name to the one in config.json", async () => {
  using dir = new TempDir();
  await dir.writeJson("config.json", { name: "configured" });
  const files = resolveSource({ processDir: dir.path, name: "given" });
  using reader = new ProcessReader(files);
  assertEquals((await reader.read()).name, "given");
});

Deno.test("ProcessReader says everything that is wrong, a sentence a line", async () => {
  using dir = new TempDir();
  await dir.write("config.json", "{");
  await dir.write("process_state.json", "[]");
  await dir.write("health.json", "{}");
  await Deno.mkdir(dir.file("stdout.log"));
  await dir.fifo("stderr.log");
  using reader = new ProcessReader(resolveSource(dir.path));
  const { status, error } = await reader.read();
  assertEquals(status, "unknown");
  const said = [
    ["config.json", "it is not valid JSON"],
    ["process_state.json", "it does not hold a JSON object"],
    ["health.json", "'status' is missing"],
    ["stdout.log", "it is a directory"],
    ["stderr.log", "it is a FIFO"],
  ];
  const lines = error?.split("\n") ?? [];
  assertEquals(lines.length, said.length);
  for (const [at, [name, reason]] of said.entries()) {
    assert(
      lines[at].startsWith(`Cannot read '${dir.file(name)}' as ${reason}`),
    );
  }
});

Deno.test("ProcessReader says that the directory has become a file", async () => {
  using dir = new TempDir();
  using reader = new ProcessReader(resolveSource(dir.file("x")));
  await dir.write("x", "");
  const { status, error } = await reader.read();
  assertEquals(status, "unknown");
  assert(error?.includes("a part of its path is a file"));
});

Deno.test("ProcessReader gives the very same lines when nothing was printed", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using reader = new ProcessReader(resolveSource({ stdout }));
  const first = await reader.read();
  const second = await reader.read();
  assertStrictEquals(second.stdoutLines, first.stdoutLines);
  assertStrictEquals(second.stderrLines, first.stderrLines);
});

Deno.test("ProcessReader keeps as many lines as it is told to", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\nb\nc\n");
  using reader = new ProcessReader(resolveSource({ stdout }), { lines: 1 });
  assertEquals((await reader.read()).stdoutLines, ["c"]);
  reader.lines = 2;
  assertEquals((await reader.read()).stdoutLines, ["b", "c"]);
  assertEquals(reader.lines, 2);
});

Deno.test("ProcessReader can be closed twice, also during a look", async () => {
  using dir = new TempDir();
  const stdout = await dir.write("log", "a\n");
  using reader = new ProcessReader(resolveSource({ stdout }));
  await reader.read();
  const look = reader.read();
  reader.close();
  reader.close();
  assertEquals((await look).stdoutLines, ["a"]);
});

/** Writes the record of an end. */
function writeExit(dir: TempDir, record: object): Promise<string> {
  return dir.writeJson("exit.json", {
    exited_at: "2026-11-22T16:50:45.123Z",
    reason: "exited",
    ...record,
  });
}

Deno.test("ProcessReader tells a failed process from a stopped one", async () => {
  using dir = new TempDir();
  using reader = new ProcessReader(resolveSource(dir.path));
  await writeExit(dir, { pid: 42, exit_code: 3 });
  const failed = await reader.read();
  assertEquals([failed.status, failed.exit?.code], ["failed", 3]);
  await writeExit(dir, { pid: 42, exit_code: 0 });
  assertEquals((await reader.read()).status, "stopped");
  await writeExit(dir, { pid: 42, exit_signal: "SIGKILL" });
  assertEquals((await reader.read()).status, "failed");
  await writeExit(dir, {
    pid: 42,
    exit_signal: "SIGTERM",
    reason: "terminated",
  });
  const { status, exit } = await reader.read();
  assertEquals([status, exit?.signal], ["stopped", "SIGTERM"]);
});

Deno.test("ProcessReader shows no end of an earlier run", async () => {
  using dir = new TempDir();
  await using child = TempProcess.sleeping();
  await writeExit(dir, { pid: 42, exit_code: 3 });
  await writeState(dir, child.pid);
  using reader = new ProcessReader(resolveSource(dir.path));
  const running = await reader.read();
  assertEquals([running.status, running.exit], ["running", null]);
  await child.kill();
  await Deno.remove(dir.file("process_state.json"));
  const ended = await reader.read();
  assertEquals([ended.status, ended.exit], ["stopped", null]);
});
