import { assertEquals } from "@std/assert";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { PsTable } from "../../process/system/ps_table.ts";
import { TICKS_PER_SECOND } from "../../process/system/proc.ts";
import type { ProcessState } from "../../process/directory/formats.ts";
import { ProcessTracker } from "../../process/system/tracker.ts";
import { canChoosePids, TempProcess, until } from "./support.ts";

/** What a state file says of a process that runs. */
async function recordOf(pid: number): Promise<ProcessState> {
  const createTime = (await localProcessTable.find(pid))?.startTime ?? null;
  return { pid, createTime, createdAt: null };
}

/** The clock ticks since the machine started. */
function ticksNow(): number {
  return parseFloat(Deno.readTextFileSync("/proc/uptime")) * TICKS_PER_SECOND;
}

Deno.test("ProcessTracker finds the process of a record until it ends", async () => {
  await using child = TempProcess.sleeping();
  const tracker = new ProcessTracker(localProcessTable);
  const record = await recordOf(child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  await child.kill();
  assertEquals(await tracker.find(record), null);
});

Deno.test("ProcessTracker does not take another owner of the pid for the process", async () => {
  const record = await recordOf(Deno.pid);
  const tracker = new ProcessTracker(localProcessTable);
  for (const apart of [0.01, -0.01, 3600]) {
    const createTime = (record.createTime ?? 0) + apart * 1.5;
    assertEquals(await tracker.find({ ...record, createTime }), null);
  }
  assertEquals((await tracker.find(record))?.pid, Deno.pid);
});

Deno.test("ProcessTracker takes whatever has the pid when the record names no start", async () => {
  const record = { pid: Deno.pid, createTime: null, createdAt: null };
  assertEquals(
    (await new ProcessTracker(localProcessTable).find(record))?.pid,
    Deno.pid,
  );
});

Deno.test("ProcessTracker looks anew when the same pid is recorded again", async () => {
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

Deno.test("ProcessTracker recognises a process by the whole seconds of ps", async () => {
  await using child = TempProcess.sleeping();
  const tracker = new ProcessTracker(new PsTable());
  const record = await recordOf(child.pid);
  assertEquals((await tracker.find(record))?.pid, child.pid);
  const createTime = (record.createTime ?? 0) - 60;
  assertEquals(await tracker.find({ ...record, createTime }), null);
});

Deno.test({
  name:
    "ProcessTracker keeps to the first owner of a bare pid when the pid is reused",
  ignore: !canChoosePids,
  async fn() {
    const tracker = new ProcessTracker(localProcessTable);
    await using first = TempProcess.sleeping();
    const record = { pid: first.pid, createTime: null, createdAt: null };
    const start = (await tracker.find(record))?.startTicks ?? 0;
    await first.kill();
    // Start times are told apart by clock ticks, so one has to go by.
    await until(() => ticksNow() > start + 1);
    await using second = await TempProcess.withPid(first.pid);
    assertEquals((await localProcessTable.find(second.pid))?.pid, first.pid);
    assertEquals(await tracker.find(record), null);
  },
});
