import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import process from "node:process";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { ProcTable } from "../../process/system/proc_table.ts";
import type { ProcessTable } from "../../process/system/process_table.ts";
import { PsTable } from "../../process/system/ps_table.ts";
import { pidExists } from "../../process/system/signals.ts";
import {
  asNobody,
  isRoot,
  TempDir,
  TempProcess,
  TempZombie,
} from "./support.ts";

const TABLES: [from: string, table: ProcessTable, ignore: boolean][] = [
  ["/proc", new ProcTable(), Deno.build.os !== "linux"],
  ["ps", new PsTable(), false],
];

/** Tests the same behaviour with `/proc` and with `ps`. */
function testTables(
  name: string,
  fn: (table: ProcessTable) => Promise<void>,
  ignore = false,
): void {
  for (const [from, table, unavailable] of TABLES) {
    Deno.test({
      name: `${name}, from ${from}`,
      ignore: ignore || unavailable,
      fn: () => fn(table),
    });
  }
}

testTables(
  "find finds a process and when it started",
  async (table) => {
    const before = Date.now() / 1000;
    await using child = TempProcess.sleeping();
    const found = await table.find(child.pid);
    assertEquals(found?.pid, child.pid);
    assert(found?.startTime);
    // Both count in steps, from a start of the machine known to the second.
    assert(Math.abs(found.startTime - before) < 3);
    assert(await table.isRunning(found));
  },
);

testTables("find finds no process that has ended", async (table) => {
  await using child = TempProcess.sleeping();
  const found = await table.find(child.pid);
  assert(found);
  await child.kill();
  assertEquals(await table.find(child.pid), null);
  assertEquals(await table.isRunning(found), false);
});

testTables("find takes a zombie for dead", async (table) => {
  await using zombie = await TempZombie.make();
  assertEquals(await table.find(zombie.pid), null);
  const identity = { pid: zombie.pid, startTime: null, startTicks: null };
  assertEquals(await table.isRunning(identity), false);
});

testTables(
  "find is not misled by a command named 'a) R (b'",
  async (table) => {
    using dir = new TempDir();
    // A script gives its process its own name.
    const script = await dir.write(
      "a) R (b",
      "#!/bin/sh\necho up\nread line\n",
    );
    await Deno.chmod(script, 0o755);
    await using named = new TempProcess([script], {
      stdin: "piped",
      stdout: "piped",
    });
    assertEquals(await named.firstLine(), "up");
    const comm = await Deno.readTextFile(`/proc/${named.pid}/comm`);
    assertEquals(comm, "a) R (b\n");

    const self = await table.find(Deno.pid);
    const found = await table.find(named.pid);
    assert(found?.startTime && self?.startTime);
    assert(found.startTime >= self.startTime);
    assert(found.startTime - self.startTime < 600);
  },
);

testTables(
  "isRunning does not take another owner of the pid for the same process",
  async (table) => {
    const found = await table.find(Deno.pid);
    assert(found?.startTime);
    const { pid, startTime, startTicks } = found;
    const earlier = {
      pid,
      startTime: startTime - 60,
      startTicks: startTicks && startTicks - 6000,
    };
    assertEquals(await table.isRunning(earlier), false);
  },
);

testTables("find finds a process of another user", async (table) => {
  await using child = TempProcess.ofStranger();
  const found = await table.find(child.pid);
  assert(found?.startTime && await table.isRunning(found));
}, !isRoot);

testTables(
  "find finds the first process of the system",
  async (table) => {
    const found = await table.find(1);
    assert(found && await table.isRunning(found));
  },
);

Deno.test({
  name: "isRunning knows a process by its ticks when the clock was set",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const found = await localProcessTable.find(Deno.pid);
    assert(found?.startTime);
    // After the clock went back an hour, /proc would give this start time.
    const before = { ...found, startTime: found.startTime + 3600 };
    assert(await localProcessTable.isRunning(before));
  },
});

Deno.test({
  name: "pidExists sees a process that may not be signalled",
  ignore: !isRoot,
  async fn() {
    await using child = TempProcess.ofStranger();
    using _nobody = asNobody();
    assertThrows(() => process.kill(child.pid, 0), Error, "EPERM");
    assert(pidExists(child.pid));
  },
});

Deno.test("pidExists sees that a process is gone", async () => {
  await using child = TempProcess.sleeping();
  assert(pidExists(child.pid));
  await child.kill();
  assert(!pidExists(child.pid));
});

Deno.test("find says so when there is no ps", async () => {
  const path = Deno.env.get("PATH") ?? "";
  using dir = new TempDir();
  using _restored = {
    [Symbol.dispose]: () => Deno.env.set("PATH", path),
  };
  Deno.env.set("PATH", dir.path);
  await assertRejects(
    () => new PsTable().find(Deno.pid),
    Error,
    "Cannot read the process table as there is no 'ps': install it",
  );
});
