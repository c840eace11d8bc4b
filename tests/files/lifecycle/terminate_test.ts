import { assert, assertEquals, assertRejects } from "@std/assert";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { DIR_VARIABLE } from "../../../process/system/process_table.ts";
import { PsTable } from "../../../process/system/ps_table.ts";
import { terminateTree } from "../../../process/lifecycle/terminate.ts";
import { asNobody, isRoot, TempDir, TempProcess, until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

/**
 * A process, three children and sixteen grandchildren that evade termination:
 * new sessions, ignored SIGTERM, exited parents.
 */
const TREE = `
stubborn='trap "" TERM; while :; do sleep 600; done'
child() {
  setsid sleep 600 &
  sh -c "$stubborn" &
  setsid sh -c "$stubborn" &
  (setsid sh -c 'sleep 600 & exit' &)
  sleep 600 &
  wait
}
child & (trap '' TERM; child) & (child)
`;

/** A process that must not be signaled, and records the signals it receives. */
class Bystander implements AsyncDisposable {
  readonly #dir = new TempDir();
  readonly process: TempProcess;

  constructor(options: Deno.CommandOptions = {}) {
    const script = `
      for s in TERM HUP INT USR1 USR2 CONT QUIT; do trap "echo $s >> '${
      this.#dir.file("signals")
    }'" $s; done
      echo > '${this.#dir.file("ready")}'
      while :; do sleep 0.1; done`;
    this.process = new TempProcess(["sh", "-c", script], options);
  }

  /** Resolves when it handles signals. */
  get ready(): Promise<void> {
    return until(() => this.#has("ready"));
  }

  /** Whether it has received a signal. */
  get wasSignaled(): boolean {
    return this.#has("signals");
  }

  #has(name: string): boolean {
    try {
      Deno.statSync(this.#dir.file(name));
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.kill();
    this.#dir[Symbol.dispose]();
  }
}

Deno.test("terminate ends a tree that evades it and signals no other process", async () => {
  await using base = new TempBase();
  await using unmanaged = new Bystander();
  await using managed = new Bystander({ env: { [DIR_VARIABLE]: "/other" } });
  await Promise.all([unmanaged.ready, managed.ready]);
  const handle = await base.sh("tree", TREE);
  // Shells start and exit while the tree grows; its leaves remain.
  await until(async () => (await base.alive("sleep")).length === 15);
  const before = await base.alive("sleep");
  assert((await base.alive()).length >= 20);

  const start = performance.now();
  const stopped = await handle.terminate({ graceMs: 500 });
  const took = performance.now() - start;

  assertEquals(await base.alive(), []);
  const ended = new Set(stopped.map(({ pid }) => pid));
  for (const pid of before) assert(ended.has(pid), `${pid} is not reported`);
  assert(stopped.some(({ signal }) => signal === "SIGKILL"));
  assert(stopped.some(({ signal }) => signal === "SIGTERM"));
  assert(took < 3000, `${took} ms`);
  for (const { process, wasSignaled } of [unmanaged, managed]) {
    assert(await localProcessTable.find(process.pid));
    assertEquals(wasSignaled, false);
  }
  assertEquals(handle.status, "stopped");
});

Deno.test("terminate ends descendants that outlived their process", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "setsid sleep 600 & sleep 600 & exit 0");
  await until(async () => !await handle.isRunning());
  await until(async () => (await base.alive("sleep")).length === 2);
  const stopped = await handle.terminate();
  assertEquals(stopped.length, 2);
  assertEquals(await base.alive(), []);
});

Deno.test("terminateTree does not signal a later process with the same pid", async () => {
  await using bystander = new Bystander();
  await bystander.ready;
  const identity = await localProcessTable.find(bystander.process.pid);
  assert(identity?.startTicks && identity.startTime);
  const earlier = {
    ...identity,
    startTicks: identity.startTicks - 100,
    startTime: identity.startTime - 1,
  };
  assertEquals(await terminateTree(earlier, { graceMs: 50 }), []);
  assertEquals(bystander.wasSignaled, false);
  assert(await localProcessTable.find(bystander.process.pid));
});

Deno.test("terminateTree ends a process and its descendants found with ps", async () => {
  await using tree = new TempProcess([
    "sh",
    "-c",
    "sleep 600 & setsid sleep 600 & echo up; exec sleep 600",
  ], { stdout: "piped" });
  await tree.firstLine();
  const table = new PsTable();
  const root = await table.find(tree.pid);
  const children = async () =>
    (await localProcessTable.list()).filter(({ parent }) =>
      parent === tree.pid
    );
  await until(async () => (await children()).length === 2);
  const pids = (await children()).map(({ pid }) => pid);
  const stopped = await terminateTree(root, { table, graceMs: 2000 });
  assertEquals(
    new Set(stopped.map(({ pid }) => pid)),
    new Set([...pids, tree.pid]),
  );
  for (const pid of pids) assertEquals(await localProcessTable.find(pid), null);
});

Deno.test({
  name: "terminateTree rejects a process of another user",
  ignore: !isRoot,
  async fn() {
    await using stranger = TempProcess.ofStranger();
    const identity = await localProcessTable.find(stranger.pid);
    using _nobody = asNobody();
    await assertRejects(
      () => terminateTree(identity),
      Error,
      `process ${stranger.pid} (sleep) belongs to another user: end it as that user`,
    );
  },
});

Deno.test({
  name:
    "terminateTree ends all but the processes of another user, and reports those",
  ignore: !isRoot || Deno.build.os !== "linux",
  async fn() {
    const asUser = (uid: number) => `setpriv --reuid ${uid} --clear-groups`;
    const script = `
      ${asUser(65533)} sleep 601 & echo $!
      ${asUser(65534)} sleep 600 & ${asUser(65534)} setsid sleep 600 &
      exec ${asUser(65534)} sleep 600`;
    await using tree = new TempProcess(["sh", "-c", script], {
      stdout: "piped",
    });
    const stranger = Number(await tree.firstLine());
    const children = async () =>
      (await localProcessTable.list()).filter(({ parent, name }) =>
        parent === tree.pid && name === "sleep"
      );
    await until(async () => (await children()).length === 3);
    const others = (await children()).map(({ pid }) => pid)
      .filter((pid) => pid !== stranger);
    const root = await localProcessTable.find(tree.pid);
    try {
      using _nobody = asNobody();
      await assertRejects(
        () => terminateTree(root),
        Error,
        `process ${stranger} (sleep) belongs to another user: end it as that user`,
      );
      for (const pid of [tree.pid, ...others]) {
        assertEquals(await localProcessTable.find(pid), null);
      }
      assert(await localProcessTable.find(stranger));
    } finally {
      Deno.kill(stranger, "SIGKILL");
    }
  },
});
