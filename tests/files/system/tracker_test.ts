import { assertEquals } from "@std/assert";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { PsTable } from "../../../process/system/ps_table.ts";
import { TICKS_PER_SECOND } from "../../../process/system/proc_table.ts";
import type { ProcessState } from "../../../process/directory/formats.ts";
import { ProcessTracker } from "../../../process/system/tracker.ts";
import { canChoosePids, TempProcess, until } from "../support.ts";

/** Returns what a state file records about a running process. */
async function recordOf(pid: number): Promise<ProcessState> {
  const createTime = (await localProcessTable.find(pid))?.startTime ?? null;
  return { pid, createTime, createdAt: null };
}

/** Returns the number of clock ticks since the machine started. */
function ticksNow(): number {
  return parseFloat(Deno.readTextFileSync("/proc/uptime")) * TICKS_PER_SECOND;
}

Deno.test("ProcessTracker finds a recorded process until it exits", async () => {
  await using child = TempProcess.sleeping();
  const tracker = new ProcessTracker(localProcessTable);
  const record = await recordOf(child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  await child.kill();
  assertEquals(await tracker.find(record), null);
});

Deno.test("ProcessTracker ignores a process with the recorded pid and another start time", async () => {
  const record = await recordOf(Deno.pid);
  const tracker = new ProcessTracker(localProcessTable);
  for (const apart of [0.01, -0.01, 3600]) {
    const createTime = (record.createTime ?? 0) + apart * 1.5;
    assertEquals(await tracker.find({ ...record, createTime }), null);
  }
  assertEquals((await tracker.find(record))?.pid, Deno.pid);
});

Deno.test("ProcessTracker accepts any process with the pid if no start time is recorded", async () => {
  const record = { pid: Deno.pid, createTime: null, createdAt: null };
  assertEquals(
    (await new ProcessTracker(localProcessTable).find(record))?.pid,
    Deno.pid,
  );
});

Deno.test("ProcessTracker finds the process of a new record", async () => {
  await using child = TempProcess.sleeping();
  const tracker = new ProcessTracker(localProcessTable);
  const record = { pid: 4_194_305, createTime: null, createdAt: null };
  assertEquals(await tracker.find(record), null);
  assertEquals(
    (await tracker.find({ ...record, pid: child.pid }))?.pid,
    child.pid,
  );
  await child.kill();
  assertEquals(await tracker.find({ ...record, pid: child.pid }), null);
});

Deno.test("ProcessTracker identifies a process by the whole seconds of ps", async () => {
  await using child = TempProcess.sleeping();
  const tracker = new ProcessTracker(new PsTable());
  const record = await recordOf(child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  const createTime = (record.createTime ?? 0) - 60;
  assertEquals(await tracker.find({ ...record, createTime }), null);
});

Deno.test({
  name: "ProcessTracker ignores a later process with the same pid",
  ignore: !canChoosePids,
  async fn() {
    const tracker = new ProcessTracker(localProcessTable);
    await using first = TempProcess.sleeping();
    const record = { pid: first.pid, createTime: null, createdAt: null };
    const start = (await tracker.find(record))?.startTicks ?? 0;
    await first.kill();
    // Start times are distinguished by clock ticks, so one must pass.
    await until(() => ticksNow() > start + 1);
    await using second = await TempProcess.withPid(first.pid);
    assertEquals((await localProcessTable.find(second.pid))?.pid, first.pid);
    assertEquals(await tracker.find(record), null);
  },
});
