import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import process from "node:process";
import {
  isRunning,
  type ProcessTableOptions,
  readProcess,
} from "../../process/system/identity.ts";
import { takesSignals } from "../../process/system/proc.ts";
import {
  asNobody,
  isRoot,
  TempDir,
  TempProcess,
  TempZombie,
} from "./support.ts";

const TABLES: Required<ProcessTableOptions>[] = [
  { table: "proc" },
  { table: "ps" },
];

/** Tests the same behaviour with `/proc` and with `ps`. */
function testTables(
  name: string,
  fn: (options: ProcessTableOptions) => Promise<void>,
  ignore = false,
): void {
  for (const options of TABLES) {
    const from = options.table === "proc" ? "/proc" : "ps";
    Deno.test({
      name: `${name}, from ${from}`,
      ignore: ignore || options.table === "proc" && Deno.build.os !== "linux",
      fn: () => fn(options),
    });
  }
}

testTables(
  "readProcess finds a process and when it started",
  async (options) => {
    const before = Date.now() / 1000;
    await using child = TempProcess.sleeping();
    const found = await readProcess(child.pid, options);
    assertEquals(found?.pid, child.pid);
    assert(found?.startTime);
    // Both count in steps, from a start of the machine known to the second.
    assert(Math.abs(found.startTime - before) < 3);
    assert(await isRunning(found, options));
  },
);

testTables("readProcess finds no process that has ended", async (options) => {
  await using child = TempProcess.sleeping();
  const found = await readProcess(child.pid, options);
  assert(found);
  await child.kill();
  assertEquals(await readProcess(child.pid, options), null);
  assertEquals(await isRunning(found, options), false);
});

testTables("readProcess takes a zombie for dead", async (options) => {
  await using zombie = await TempZombie.make();
  assertEquals(await readProcess(zombie.pid, options), null);
  const identity = { pid: zombie.pid, startTime: null, startTicks: null };
  assertEquals(await isRunning(identity, options), false);
});

testTables(
  "readProcess is not misled by a command named 'a) R (b'",
  async (options) => {
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

    const self = await readProcess(Deno.pid, options);
    const found = await readProcess(named.pid, options);
    assert(found?.startTime && self?.startTime);
    assert(found.startTime >= self.startTime);
    assert(found.startTime - self.startTime < 600);
  },
);

testTables(
  "isRunning does not take another owner of the pid for the same process",
  async (options) => {
    const found = await readProcess(Deno.pid, options);
    assert(found?.startTime);
    const { pid, startTime, startTicks } = found;
    const earlier = {
      pid,
      startTime: startTime - 60,
      startTicks: startTicks && startTicks - 6000,
    };
    assertEquals(await isRunning(earlier, options), false);
  },
);

testTables("readProcess finds a process of another user", async (options) => {
  await using child = TempProcess.ofStranger();
  const found = await readProcess(child.pid, options);
  assert(found?.startTime && await isRunning(found, options));
}, !isRoot);

testTables(
  "readProcess finds the first process of the system",
  async (options) => {
    const found = await readProcess(1, options);
    assert(found && await isRunning(found, options));
  },
);

Deno.test({
  name: "isRunning knows a process by its ticks when the clock was set",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const found = await readProcess(Deno.pid);
    assert(found?.startTime);
    // After the clock went back an hour, /proc would give this start time.
    const before = { ...found, startTime: found.startTime + 3600 };
    assert(await isRunning(before));
  },
});

Deno.test({
  name: "takesSignals sees a process that may not be signalled",
  ignore: !isRoot,
  async fn() {
    await using child = TempProcess.ofStranger();
    using _nobody = asNobody();
    assertThrows(() => process.kill(child.pid, 0), Error, "EPERM");
    assert(takesSignals(child.pid));
  },
});

Deno.test("takesSignals sees that a process is gone", async () => {
  await using child = TempProcess.sleeping();
  assert(takesSignals(child.pid));
  await child.kill();
  assert(!takesSignals(child.pid));
});

Deno.test("readProcess says so when there is no ps", async () => {
  const path = Deno.env.get("PATH") ?? "";
  using dir = new TempDir();
  using _restored = {
    [Symbol.dispose]: () => Deno.env.set("PATH", path),
  };
  Deno.env.set("PATH", dir.path);
  await assertRejects(
    () => readProcess(Deno.pid, { table: "ps" }),
    Error,
    `Cannot tell whether process ${Deno.pid} is alive as there is no 'ps': install it`,
  );
});
