import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { exists } from "@std/fs";
import { basename, join } from "@std/path";
import type { ProcessHandle } from "../../../handle.ts";
import { ProcessDirectory } from "../../../process/directory/process_directory.ts";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import type { ProcessEntry } from "../../../process/system/process_table.ts";
import { TempProcess, until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

/** Returns the sorted names of the files in a process directory. */
function namesIn(dir: string): string[] {
  return Array.from(Deno.readDirSync(dir), ({ name }) => name).sort();
}

/** Returns the process of a handle as the process table shows it. */
async function entryOf(handle: ProcessHandle): Promise<ProcessEntry> {
  const entries = await localProcessTable.list();
  const entry = entries.find(({ pid }) => pid === handle.pid);
  assert(entry);
  return entry;
}

/** Waits until a process has exited, and polls it. */
async function exited(handle: ProcessHandle): Promise<ProcessHandle> {
  await until(async () => (await handle.refresh()).exit !== null);
  return handle;
}

Deno.test("run starts a process in the original's layout", async () => {
  await using base = new TempBase();
  const handle = await base.manager.run({
    name: "server",
    cmd: "sh",
    args: ["-c", "echo $SYFTPM_PROCESS_NAME $X; pwd; exec sleep 600"],
    env: { X: "y" },
    cwd: "/",
    ttlSeconds: 600,
  });
  const { pid, processDir } = handle;
  assertEquals(processDir, base.file("server"));
  assertEquals(handle.status, "running");
  await until(async () => (await handle.stdout.tail()).length === 2);
  assertEquals(await handle.stdout.tail(), ["server y", "/"]);
  assertEquals(namesIn(processDir), [
    "config.json",
    "launch.json",
    "process_state.json",
    "start.json",
    "stderr.log",
    "stdout.log",
  ]);
  const config = await Deno.readTextFile(join(processDir, "config.json"));
  assertEquals(JSON.parse(config), {
    name: "server",
    cmd: ["sh", "-c", "echo $SYFTPM_PROCESS_NAME $X; pwd; exec sleep 600"],
    env: { X: "y" },
    process_dir: processDir,
    runner_type: "subprocess",
    ttl_seconds: 600,
    log_level: "INFO",
  });
  const state = await Deno.readTextFile(join(processDir, "process_state.json"));
  const { created_at, process_create_time, ...rest } = JSON.parse(state);
  assertEquals(rest, { pid });
  assert(Math.abs(Date.parse(created_at) - Date.now()) < 60_000);
  assert(Math.abs(process_create_time - Date.now() / 1000) < 60);
  const { session } = await entryOf(handle);
  assertEquals(session, pid, "the process leads a new session");
  const { env, cwd, command, ttlSeconds } = await handle.info();
  assertEquals([env, cwd, ttlSeconds], [{ X: "y" }, "/", 600]);
  assertEquals(command?.[0], "sh");
});

Deno.test("terminate ends a process and returns what it ended", async () => {
  await using base = new TempBase();
  const handle = await base.manager.run({ name: "a", cmd: ["sleep", "600"] });
  const pid = handle.pid!;
  const directory = new ProcessDirectory(handle.processDir);
  const stateFile = basename(directory.stateFile);
  const startFile = basename(directory.startFile);
  const exitFile = basename(directory.exitFile);
  const before = namesIn(handle.processDir);
  assert(before.includes(stateFile) && before.includes(startFile));
  assertEquals(await handle.terminate(), [
    { pid, name: "sleep", signal: "SIGTERM" },
  ]);
  assertEquals([handle.status, handle.pid], ["stopped", null]);
  const { exit } = handle;
  assertEquals([exit?.pid, exit?.code, exit?.signal, exit?.reason], [
    pid,
    null,
    "SIGTERM",
    "terminated",
  ]);
  assertEquals(
    namesIn(handle.processDir),
    [
      ...before.filter((name) => name !== stateFile && name !== startFile),
      exitFile,
    ].sort(),
  );
  assertEquals(await handle.terminate(), [], "it is no longer running");
});

Deno.test("terminate does not count an exit code as a failure", async () => {
  await using base = new TempBase();
  const handle = await base.sh(
    "a",
    "trap 'exit 3' TERM; echo; while :; do sleep 600 & wait; done",
  );
  await until(async () => (await handle.stdout.tail()).length === 1);
  await handle.terminate();
  assertEquals([handle.status, handle.exit?.code], ["stopped", 3]);
});

Deno.test("terminate kills a process that outlasts the grace period", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "trap '' TERM; echo; exec sleep 600");
  await until(async () => (await handle.stdout.tail()).length === 1);
  const stopped = await handle.terminate({ graceMs: 50 });
  assertEquals(stopped.map(({ signal }) => signal), ["SIGKILL"]);
  assertEquals(handle.status, "stopped");
  await assertRejects(
    () => handle.terminate({ graceMs: -1 }),
    RangeError,
    "Cannot terminate as 'graceMs' must be 0 or more milliseconds",
  );
});

Deno.test("restart changes the pid and appends to the logs", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "echo up; exec sleep 600");
  const before = { pid: handle.pid, startedAt: handle.startedAt! };
  await until(async () => (await handle.stdout.tail()).length === 1);
  await handle.restart();
  assertNotEquals(handle.pid, before.pid);
  assert(handle.startedAt! >= before.startedAt);
  assertEquals([handle.status, handle.exit], ["running", null]);
  await until(async () => (await handle.stdout.tail()).length === 2);
  await assertRejects(
    () => handle.start(),
    Error,
    `Cannot start 'a' as it is already running as process ${handle.pid}`,
  );
});

Deno.test("an exit is recorded with its exact code or signal", async () => {
  await using base = new TempBase();
  const cases: [string, number | null, string | null, string][] = [
    ["exit 0", 0, null, "stopped"],
    ["exit 3", 3, null, "failed"],
    ["exit 143", 143, null, "failed"],
    ["kill -TERM $$", null, "SIGTERM", "failed"],
    ["kill -KILL $$", null, "SIGKILL", "failed"],
    ["kill -SEGV $$", null, "SIGSEGV", "failed"],
  ];
  const runs = cases.map(async ([script, code, signal, status], at) => {
    const handle = await exited(
      await base.sh(`p${at}`, `sleep 0.1; ${script}`),
    );
    const { exit } = handle;
    assertEquals([exit?.code, exit?.signal], [code, signal], script);
    assertEquals([exit?.reason, handle.status], ["exited", status], script);
    assert(Math.abs(exit!.exitedAt - Date.now()) < 10_000);
  });
  await Promise.all(runs);
});

Deno.test("a process that exits immediately has started all the same", async () => {
  await using base = new TempBase();
  const handle = await exited(await base.sh("a", "exit 7"));
  assertEquals([handle.status, handle.exit?.code], ["failed", 7]);
  await handle.start();
  await exited(handle);
  assertEquals([handle.status, handle.exit?.code], ["failed", 7]);
});

Deno.test("a process is ended with its descendants when its time to live is over", async () => {
  await using base = new TempBase();
  const handle = await base.manager.run({
    name: "a",
    cmd: ["sh", "-c", "sleep 600 & setsid sleep 600 & wait"],
    ttlSeconds: 0.3,
  });
  await exited(handle);
  assertEquals([handle.status, handle.exit?.reason], ["stopped", "ttl"]);
  await until(async () => (await base.alive()).length === 0);
  assertMatch(Deno.inspect(handle), /time to live over/);
});

Deno.test("restart discards the health report of the previous run", async () => {
  await using base = new TempBase();
  const report = '{"status":"ill"}';
  const script = `
    if [ ! -e "$0" ]; then
      touch "$0"
      echo '${report}' > "$SYFTPM_PROCESS_DIR/health.json"
    fi
    exec sleep 600`;
  const cmd = ["sh", "-c", script, base.file("flag")];
  const handle = await base.manager.run({ name: "a", cmd });
  await until(async () => (await handle.refresh()).status === "unhealthy");
  await handle.restart();
  assertEquals([handle.status, handle.health], ["running", null]);
});

Deno.test("a handle prints as one line", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "exec sleep 600");
  const { pid } = handle;
  const line = new RegExp(`^ProcessHandle a: running, pid ${pid}, up [01]s$`);
  assertMatch(Deno.inspect(handle), line);
  await handle.terminate();
  assertEquals(
    Deno.inspect(handle),
    "ProcessHandle a: stopped, ended by SIGTERM",
  );
});

Deno.test("a handle has one widget, and another one for each call with options", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "exec sleep 600");
  using widget = handle.widget();
  assertEquals(handle.widget(), widget);
  using other = handle.widget({ lines: 5 });
  assertNotEquals(other.modelId, widget.modelId);
  await widget.refresh();
  assertEquals(widget.get("status"), "running");
  assertEquals(widget.get("command"), ["sh", "-c", "exec sleep 600"]);
  assertEquals(widget.get("started_at"), handle.startedAt);
  widget.close();
  using next = handle.widget();
  assert(!next.closed);
});

/** Creates a process whose state file names an earlier owner of a pid. */
async function createStale(base: TempBase): Promise<ProcessHandle> {
  const handle = await base.manager.create({
    name: "a",
    cmd: ["sleep", "600"],
  });
  const directory = new ProcessDirectory(handle.processDir);
  const createTime = 1e9;
  await directory.writeState({ pid: Deno.pid, createTime, createdAt: null });
  return handle;
}

Deno.test("reading a process changes nothing on disk", async () => {
  await using base = new TempBase();
  const { processDir } = await createStale(base);
  const snapshot = () =>
    namesIn(processDir).map((name) => {
      const { mtime, ino, size } = Deno.statSync(join(processDir, name));
      return [name, mtime, ino, size];
    });
  const before = snapshot();
  const [handle] = await base.manager.list();
  await handle.refresh();
  await base.manager.get("a");
  await base.manager.isRunning("a");
  await handle.info();
  using widget = handle.widget();
  await widget.refresh();
  assertEquals([handle.status, widget.get("status")], ["stopped", "stopped"]);
  assertEquals(snapshot(), before);
});

Deno.test("only info and widgets measure what a process uses", async () => {
  await using base = new TempBase();
  const handle = await base.manager.run({ name: "a", cmd: ["sleep", "600"] });
  const { sample } = localProcessTable;
  let samples = 0;
  localProcessTable.sample = () => {
    samples++;
    return sample.call(localProcessTable);
  };
  try {
    await handle.refresh();
    assert(await handle.isRunning());
    await base.manager.list();
    const follow = AbortSignal.timeout(300);
    for await (const _ of handle.stdout.follow({ signal: follow }));
    assertEquals(samples, 0);
    assert((await handle.info()).usage !== null);
    assertEquals(samples, 1);
  } finally {
    localProcessTable.sample = sample;
  }
});

Deno.test("terminate and start replace the state of a process that has exited", async () => {
  await using base = new TempBase();
  const handle = await createStale(base);
  const { stateFile } = new ProcessDirectory(handle.processDir);
  assertEquals(await handle.terminate(), []);
  assertEquals(await exists(stateFile), false);
  await base.manager.remove("a");
  const started = await createStale(base);
  await started.start();
  assertEquals(started.status, "running");
});

Deno.test("nothing replaces a process whose state cannot be read", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "exec sleep 600");
  const { stateFile } = new ProcessDirectory(handle.processDir);
  const state = await Deno.readTextFile(stateFile);
  using _restored = {
    [Symbol.dispose]: () => Deno.writeTextFileSync(stateFile, state),
  };
  for (const text of ["", '{"pid":', "[]"]) {
    await Deno.writeTextFile(stateFile, text);
    const attempts: [string, () => Promise<unknown>][] = [
      ["start", () => handle.start()],
      ["terminate", () => handle.terminate()],
      ["restart", () => handle.restart()],
      ["remove", () => base.manager.remove("a")],
      [
        "overwrite",
        () => base.manager.run({ name: "a", cmd: "true", overwrite: true }),
      ],
    ];
    for (const [name, attempt] of attempts) {
      const error = await assertRejects(attempt, Error);
      assertMatch(
        error.message,
        /^Cannot \w+ 'a' as it may be running\. Cannot read '.*If it is not running, delete that file$/,
        name,
      );
    }
    assertEquals((await base.manager.get("a")).status, "unknown");
    assertEquals(handle.status, "running", "this handle has seen it before");
    assertEquals((await base.alive()).length, 1);
  }
});

Deno.test("terminate signals no process whose start is not recorded", async () => {
  await using base = new TempBase();
  await using bystander = TempProcess.sleeping();
  const handle = await base.manager.create({ name: "a", cmd: "true" });
  const { stateFile } = new ProcessDirectory(handle.processDir);
  await Deno.writeTextFile(stateFile, `{"pid":${bystander.pid}}`);
  await assertRejects(
    () => handle.terminate({ graceMs: 0 }),
    Error,
    `does not record when process ${bystander.pid} started, so it may be another one`,
  );
  assertEquals(handle.pid, bystander.pid);
  await Deno.remove(stateFile);
});

Deno.test("terminate records the exit of a process that has lost its supervisor", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "exec sleep 600");
  // Only this program uses the supervisor.
  Deno.kill((await entryOf(handle)).parent, "SIGKILL");
  await handle.terminate();
  const { exit } = handle;
  assertEquals([exit?.reason, exit?.signal], ["terminated", "SIGTERM"]);
  const next = await base.sh("b", "exit 4");
  assertEquals(
    (await exited(next)).exit?.code,
    4,
    "another supervisor has started",
  );
});
