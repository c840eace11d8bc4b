import { assert, assertEquals } from "@std/assert";
import { ProcChildren } from "../../../process/system/proc_children.ts";
import { parseProcStat } from "../../../process/system/proc_stat.ts";
import { TempProcess, until } from "../support.ts";

const ignore = Deno.build.os !== "linux";

/** Reads `/proc` and counts how often. */
class CountingProc {
  reads = 0;

  readonly readStat = (pid: number) => {
    this.reads++;
    try {
      return parseProcStat(Deno.readTextFileSync(`/proc/${pid}/stat`));
    } catch {
      return null;
    }
  };
}

Deno.test({
  name: "ProcChildren finds processes that were started since the last call",
  ignore,
  async fn() {
    const children = new ProcChildren(new CountingProc().readStat);
    await children.read();
    for (let i = 0; i < 5; i++) {
      await using child = new TempProcess(["sleep", "600"]);
      const own = (await children.read()).get(Deno.pid);
      assert(own?.includes(child.pid), `${child.pid} in ${own}`);
    }
  },
});

Deno.test({
  name: "ProcChildren reads each process once, and nothing if none was started",
  ignore,
  async fn() {
    const proc = new CountingProc();
    const children = new ProcChildren(proc.readStat);
    const first = await children.read();
    const known = first.values().reduce((sum, { length }) => sum + length, 0);
    assert(proc.reads >= known);
    // Other programs of this machine may start processes now and then.
    await until(async () => {
      const before = await children.read();
      const { reads } = proc;
      const after = await children.read();
      return after === before && proc.reads === reads;
    });
    assert(proc.reads < 2 * known, `${proc.reads} reads of ${known} processes`);
  },
});

Deno.test({
  name: "ProcChildren takes the parent that was measured",
  ignore,
  async fn() {
    const children = new ProcChildren(new CountingProc().readStat);
    await using child = new TempProcess(["sleep", "600"]);
    await children.read();
    children.correct(child.pid, 1);
    const corrected = await children.read();
    assertEquals(corrected.get(Deno.pid)?.includes(child.pid) ?? false, false);
    assert(corrected.get(1)?.includes(child.pid));
  },
});
