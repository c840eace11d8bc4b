import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import process from "node:process";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { ProcTable } from "../../../process/system/proc_table.ts";
import type { ProcessTable } from "../../../process/system/process_table.ts";
import { PsTable } from "../../../process/system/ps_table.ts";
import { pidExists } from "../../../process/system/identity.ts";
import { ReasonError } from "../../../process/files/reading.ts";
import {
  asNobody,
  isRoot,
  TempDir,
  TempProcess,
  TempZombie,
  until,
} from "../support.ts";

const TABLES: [from: string, table: ProcessTable, ignore: boolean][] = [
  ["/proc", new ProcTable(), Deno.build.os !== "linux"],
  ["ps", new PsTable(), false],
];

/** Tests the same behavior with `/proc` and with `ps`. */
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
  "find returns a process with its start time",
  async (table) => {
    const before = Date.now() / 1000;
    await using child = TempProcess.sleeping();
    const found = await table.find(child.pid);
    assertEquals(found?.pid, child.pid);
    assert(found?.startTime);
    // Both round, and know when the machine started only to the second.
    assert(Math.abs(found.startTime - before) < 3);
    assert(await table.isRunning(found));
  },
);

testTables("find returns null for a process that has exited", async (table) => {
  await using child = TempProcess.sleeping();
  const found = await table.find(child.pid);
  assert(found);
  await child.kill();
  assertEquals(await table.find(child.pid), null);
  assertEquals(await table.isRunning(found), false);
});

testTables("find returns null for a zombie", async (table) => {
  await using zombie = await TempZombie.create();
  assertEquals(await table.find(zombie.pid), null);
  const identity = { pid: zombie.pid, startTime: null, startTicks: null };
  assertEquals(await table.isRunning(identity), false);
});

/** Ends its first thread by itself; those of the runtime go on. */
const LEADERLESS = `
const number = { x86_64: 60n, aarch64: 93n }[Deno.build.arch];
const libc = Deno.dlopen("libc.so.6", {
  syscall: { parameters: ["i64", "i64"], result: "i64" },
});
libc.symbols.syscall(number, 0n);`;

testTables(
  "a process is alive until the last of its threads has exited",
  async (table) => {
    const args = ["eval", "--no-lock", LEADERLESS];
    await using child = new TempProcess([Deno.execPath(), ...args]);
    const found = await table.find(child.pid);
    assert(found);
    const stat = `/proc/${child.pid}/stat`;
    await until(() => / Z /.test(Deno.readTextFileSync(stat)));
    assertEquals((await table.find(child.pid))?.pid, child.pid);
    assert(await table.isRunning(found));
    assert((await table.list()).some(({ pid }) => pid === child.pid));
    Deno.kill(child.pid, "SIGKILL");
    await until(async () => !await table.isRunning(found));
  },
  Deno.build.os !== "linux",
);

testTables(
  "find and recheck show that a process is suspended",
  async (table) => {
    await using child = TempProcess.sleeping();
    const found = await table.find(child.pid);
    assertEquals(found?.state, "running");
    Deno.kill(child.pid, "SIGSTOP");
    await until(async () =>
      (await table.recheck(found!))?.state === "suspended"
    );
    assertEquals((await table.find(child.pid))?.state, "suspended");
    assert(await table.isRunning(found!));
    Deno.kill(child.pid, "SIGCONT");
    await until(async () => (await table.recheck(found!))?.state === "running");
  },
);

Deno.test({
  name: "find does not take a thread for a process",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const threads = Array.from(Deno.readDirSync("/proc/self/task"));
    const others = threads.map(({ name }) => Number(name))
      .filter((id) => id !== Deno.pid);
    assert(others.length > 0);
    for (const id of others) {
      assertEquals(await localProcessTable.find(id), null);
    }
  },
});

testTables("signal refuses a process whose start is unknown", async (table) => {
  await using child = TempProcess.sleeping();
  const unknown = { pid: child.pid, startTime: null, startTicks: null };
  await assertRejects(
    () => table.signal(unknown, "SIGKILL"),
    ReasonError,
    `process ${child.pid} may be another one`,
  );
  assert(await table.find(child.pid));
});

/** Uses up its descriptors, and then looks at the process with this pid. */
const EXHAUSTED = `
const [module, pid] = Deno.args;
const { ProcTable } = await import(module);
const table = new ProcTable();
const found = await table.find(Number(pid));
const files = [];
try {
  while (true) files.push(await Deno.open("/dev/null"));
} catch { /* EMFILE */ }
const attempts = {
  find: () => table.find(found.pid),
  isRunning: () => table.isRunning(found),
  list: () => table.list(),
  signal: () => table.signal(found, "SIGKILL"),
};
for (const [name, attempt] of Object.entries(attempts)) {
  const result = await attempt().then(() => "resolved", (error) => error.message);
  console.log(name, result);
}
for (const file of files) file.close();
console.log("later", await table.isRunning(found));`;

Deno.test({
  name:
    "a process that cannot be looked at for lack of descriptors does not count as gone",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using child = TempProcess.sleeping();
    const module = import.meta.resolve(
      "../../../process/system/proc_table.ts",
    );
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        'ulimit -n 60; exec "$@"',
        ...["sh", Deno.execPath(), "eval", "--no-lock", EXHAUSTED],
        ...[module, String(child.pid)],
      ],
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.length, 5, new TextDecoder().decode(stderr));
    assertEquals(lines.pop(), "later true");
    for (const line of lines) {
      assertMatch(line, /^\w+ .*Too many open files/);
    }
  },
});

testTables(
  "find reads a process whose command is named 'a) R (b'",
  async (table) => {
    using dir = new TempDir();
    // A process that runs a script has the script's name.
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
  "isRunning returns false for an earlier process with the same pid",
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

testTables("find returns a process of another user", async (table) => {
  await using child = TempProcess.ofStranger();
  const found = await table.find(child.pid);
  assert(found?.startTime && await table.isRunning(found));
}, !isRoot);

testTables(
  "find returns the first process of the system",
  async (table) => {
    const found = await table.find(1);
    assert(found && await table.isRunning(found));
  },
);

Deno.test({
  name:
    "isRunning identifies a process by its ticks after the clock was changed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const found = await localProcessTable.find(Deno.pid);
    assert(found?.startTime);
    // After the clock was set back an hour, /proc yields this start time.
    const earlier = { ...found, startTime: found.startTime + 3600 };
    assert(await localProcessTable.isRunning(earlier));
  },
});

Deno.test({
  name: "pidExists returns true for a process that may not be signaled",
  ignore: !isRoot,
  async fn() {
    await using child = TempProcess.ofStranger();
    using _nobody = asNobody();
    assertThrows(() => process.kill(child.pid, 0), Error, "EPERM");
    assert(pidExists(child.pid));
  },
});

Deno.test("pidExists returns false for a process that has exited", async () => {
  await using child = TempProcess.sleeping();
  assert(pidExists(child.pid));
  await child.kill();
  assert(!pidExists(child.pid));
});

Deno.test("find names ps as the reason if it is not installed", async () => {
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
