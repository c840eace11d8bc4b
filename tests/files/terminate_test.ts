import { assert, assertEquals, assertRejects } from "@std/assert";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { PsTable } from "../../process/system/ps_table.ts";
import { terminateTree } from "../../process/lifecycle/terminate.ts";
import { asNobody, isRoot, TempDir, TempProcess, until } from "./support.ts";
import { TempBase } from "./temp_base.ts";

/**
 * A process, three children and sixteen grandchildren, in all the ways in which
 * one can try to get away.
 */
const TREE = `
deaf='trap "" TERM; while :; do sleep 600; done'
child() {
  setsid sleep 600 &
  sh -c "$deaf" &
  setsid sh -c "$deaf" &
  (setsid sh -c 'sleep 600 & exit' &)
  sleep 600 &
  wait
}
child & (trap '' TERM; child) & (child)
`;

/** Counts the signals that it gets. */
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

  get ready(): Promise<void> {
    return until(() => this.#has("ready"));
  }

  get wasSignalled(): boolean {
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

Deno.test("terminate ends a tree that does not want to, and signals nobody else", async () => {
  await using base = new TempBase();
  await using same = new Bystander();
  await using other = new Bystander({ env: { SYFTPM_PROCESS_DIR: "/other" } });
  await Promise.all([same.ready, other.ready]);
  const handle = await base.sh("tree", TREE);
  // Shells come and go while the tree grows; its leaves stay.
  await until(async () => (await base.alive("sleep")).length === 15);
  const before = await base.alive("sleep");
  assert((await base.alive()).length >= 20);

  const begin = performance.now();
  const stopped = await handle.terminate({ graceMs: 500 });
  const took = performance.now() - begin;

  assertEquals(await base.alive(), []);
  const ended = new Set(stopped.map(({ pid }) => pid));
  for (const pid of before) assert(ended.has(pid), `${pid} is not reported`);
  assert(stopped.some(({ signal }) => signal === "SIGKILL"));
  assert(stopped.some(({ signal }) => signal === "SIGTERM"));
  assert(took < 3000, `${took} ms`);
  for (const { process, wasSignalled } of [same, other]) {
    assert(await localProcessTable.find(process.pid));
    assertEquals(wasSignalled, false);
  }
  assertEquals(handle.status, "stopped");
});

Deno.test("terminate ends what a process left behind when it ended", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "setsid sleep 600 & sleep 600 & exit 0");
  await until(async () => !await handle.isRunning());
  await until(async () => (await base.alive("sleep")).length === 2);
  const stopped = await handle.terminate();
  assertEquals(stopped.length, 2);
  assertEquals(await base.alive(), []);
});

Deno.test("terminateTree does not signal another owner of the pid", async () => {
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
  assertEquals(bystander.wasSignalled, false);
  assert(await localProcessTable.find(bystander.process.pid));
});

Deno.test("terminateTree does the same with ps", async () => {
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
  name: "terminate says that a process belongs to another user",
  ignore: !isRoot,
  async fn() {
    await using stranger = TempProcess.ofStranger();
    const identity = await localProcessTable.find(stranger.pid);
    using _nobody = asNobody();
    await assertRejects(
      () => terminateTree(identity),
      Error,
      `process ${stranger.pid} belongs to another user: end it as that user`,
    );
  },
});
