import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { ProcessManager } from "../../../manager.ts";
import type { ProcessHandle } from "../../../handle.ts";
import { ProcessDirectory } from "../../../process/directory/process_directory.ts";
import { spawnDetached } from "../../../process/lifecycle/spawn.ts";
import { supervise } from "../../../process/lifecycle/supervision.ts";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

const FOREVER = ["sleep", "600"];

/** Returns the pid of the supervisor of a running process. */
async function supervisorOf(
  { processDir, name }: ProcessHandle,
): Promise<number> {
  const state = await new ProcessDirectory(processDir, name).readState();
  return state!.start!.supervisorPid!;
}

/** Starts a process from a program that exits afterwards. */
async function startElsewhere(
  base: TempBase,
  code: string,
): Promise<{ code: number; stderr: string }> {
  const manager = import.meta.resolve("../../../manager.ts");
  const { code: exitCode, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--no-lock"],
      `const { ProcessManager } = await import(${JSON.stringify(manager)});
       const manager = new ProcessManager({ dir: Deno.args[0] });
       ${code}`,
      base.path,
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code: exitCode, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("a supervisor that was killed is replaced, and the time to live still applies", async () => {
  await using base = new TempBase();
  const cmd = FOREVER;
  const handle = await base.manager.run({ name: "a", cmd, ttlSeconds: 4 });
  const other = await base.manager.run({ name: "b", cmd });
  const first = await supervisorOf(handle);
  assertEquals(await supervisorOf(other), first);
  // One that exits at once is not replaced, as the next one would exit as well.
  await delay(2100);
  Deno.kill(first, "SIGKILL");
  await until(async () => await supervisorOf(handle) !== first);
  const second = await supervisorOf(handle);
  assert(await localProcessTable.find(second));
  await until(async () => await supervisorOf(other) === second);
  await until(async () => (await handle.refresh()).exit !== null);
  assertEquals(handle.exit?.reason, "ttl");
  assertEquals((await other.refresh()).status, "running");
  await other.terminate();
  assertEquals([other.status, other.exit?.reason], ["stopped", "terminated"]);
});

Deno.test("a supervisor takes over processes that have lost theirs", async () => {
  await using base = new TempBase();
  const { code, stderr } = await startElsewhere(
    base,
    `await manager.run({ name: "lost", cmd: ["sleep", "600"] });
     Deno.exit();`,
  );
  assertEquals(code, 0, stderr);
  const lost = await base.manager.get("lost");
  const first = await supervisorOf(lost);
  // Has already looked for processes without a supervisor.
  await base.manager.run({ name: "a", cmd: FOREVER });
  Deno.kill(first, "SIGKILL");
  await until(async () => await localProcessTable.find(first) === null);
  await base.manager.run({ name: "b", cmd: FOREVER });
  await until(async () => await supervisorOf(lost) !== first);
  Deno.kill(lost.pid!, "SIGKILL");
  await until(async () => (await lost.refresh()).exit !== null);
  const { exit } = lost;
  assertEquals([exit?.code, exit?.signal, exit?.reason], [
    null,
    null,
    "exited",
  ]);
});

Deno.test("a supervisor that does not respond is reported, and starts nothing later", async () => {
  await using base = new TempBase();
  const first = await base.manager.run({ name: "a", cmd: FOREVER });
  const b = await base.manager.create({ name: "b", cmd: FOREVER });
  const supervisor = await supervisorOf(first);
  Deno.kill(supervisor, "SIGSTOP");
  try {
    const start = assertRejects(
      () => b.start(),
      Error,
      `Cannot start 'b' as its supervisor, process ${supervisor}, does not respond: try again`,
    );
    const started = await startElsewhere(
      base,
      `await (await manager.get("b")).start(); Deno.exit();`,
    );
    assertEquals(started.code, 0, started.stderr);
    await start;
  } finally {
    Deno.kill(supervisor, "SIGCONT");
  }
  // It discards the request before it handles the next one.
  await first.terminate();
  assertEquals(first.exit?.reason, "terminated");
  assertEquals((await base.alive("sleep")).length, 1);
});

Deno.test("a supervisor that is killed while it starts a process leaves nothing unrecorded", async () => {
  await using base = new TempBase();
  const cmd = ["sh", "-c", "kill -KILL $PPID; exec sleep 600"];
  for (const name of ["a", "b", "c", "d"]) {
    const manager = new ProcessManager({ dir: base.path });
    const run = await manager.run({ name, cmd }).then(
      (handle) => handle,
      (error: Error) => error.message,
    );
    if (typeof run === "string") {
      assert(run.includes("its supervisor has exited: try again"), run);
      assertEquals(await manager.exists(name), false);
      assertEquals(await base.alive(), []);
    } else {
      assertEquals(run.status, "running");
      await manager.remove(name);
    }
  }
});

Deno.test("a time to live does not depend on the system clock", async () => {
  await using base = new TempBase();
  const now = Date.now;
  const start = async (name: string, ttlSeconds: number) => {
    const directory = new ProcessDirectory(base.file(name), name);
    await Deno.mkdir(directory.path);
    const { pid, exit } = await spawnDetached({
      cmd: FOREVER,
      cwd: base.path,
      env: directory.environment,
      stdout: directory.stdoutLog,
      stderr: directory.stderrLog,
    });
    const identity = (await localProcessTable.find(pid))!;
    await directory.writeRunning(identity, null);
    const supervised = supervise(directory, identity, ttlSeconds, exit);
    return { identity, supervised };
  };
  try {
    const short = await start("short", 0.5);
    const long = await start("long", 3600);
    Date.now = () => now() - 3_600_000;
    await short.supervised;
    Date.now = () => now() + 7_200_000;
    assert(await localProcessTable.isRunning(long.identity));
    Deno.kill(long.identity.pid, "SIGKILL");
    await long.supervised;
  } finally {
    Date.now = now;
  }
});
