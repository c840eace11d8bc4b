/**
 * Gives the pid of a process that has exited to another one, again and again: in
 * a pid namespace, where nothing else takes pids.
 */
import { assert, assertEquals } from "@std/assert";
import { ProcessHandle } from "../../handle.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { terminateTree } from "../../process/lifecycle/terminate.ts";
import { ProcessReader } from "../../process/reader.ts";
import { type ProcessSource, resolveSource } from "../../process/source.ts";
import type { ProcessIdentity } from "../../process/system/identity.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TICKS_PER_SECOND } from "../../process/system/proc_table.ts";
import { TempDir, TempProcess, until } from "../files/support.ts";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

/** Where the pid of a process is recorded. */
type Record = "start file" | "state file" | "pid file" | "nowhere";

const RECORDS: readonly Record[] = [
  "start file",
  "state file",
  "pid file",
  "nowhere",
];

/** Records a process, and returns what a widget would watch. */
async function record(
  dir: TempDir,
  found: ProcessIdentity,
  how: Record,
): Promise<ProcessSource> {
  const directory = new ProcessDirectory(dir.path, "a");
  const { pid, startTime: createTime } = found;
  switch (how) {
    case "start file":
      await directory.writeRunning(found, null);
      return dir.path;
    case "state file":
      await directory.writeState({ pid, createTime, createdAt: null });
      return dir.path;
    case "pid file":
      return { pidFile: await dir.write("pid", `${pid}\n`) };
    case "nowhere":
      return { pid };
  }
}

async function find(pid: number): Promise<ProcessIdentity> {
  const found = await localProcessTable.find(pid);
  assert(found, `There is no process ${pid}`);
  return found;
}

/** Ends a process, and starts another one with its pid. */
async function replace(
  process: TempProcess,
  { pid, startTicks }: ProcessIdentity,
): Promise<TempProcess> {
  await process.kill();
  // Start times are distinguished by clock ticks, so one must pass.
  await until(() => ticksNow() > startTicks! + 1);
  return await TempProcess.withPid(pid);
}

/** Returns the number of clock ticks since the machine started. */
function ticksNow(): number {
  return parseFloat(Deno.readTextFileSync("/proc/uptime")) * TICKS_PER_SECOND;
}

/** Replaces a process between two polls; the later one is not shown or signaled. */
async function replaceBetweenPolls(how: Record): Promise<void> {
  using dir = new TempDir();
  await using process = TempProcess.sleeping();
  const found = await find(process.pid);
  const source = await record(dir, found, how);
  using reader = new ProcessReader(resolveSource(source));
  assertEquals((await reader.read()).pid, process.pid);

  await using stranger = await replace(process, found);
  const { status, pid, startedAt, usage } = await reader.read();
  assertEquals([status, pid, startedAt, usage], ["stopped", null, null, null]);
  if (source === dir.path) {
    const handle = await new ProcessHandle(dir.path, "a").refresh();
    assertEquals([handle.status, handle.pid], ["stopped", null]);
    assertEquals(await handle.terminate({ graceMs: 0 }), []);
  }
  assertEquals((await reader.read()).pid, null);
  await assertUntouched(stranger);
}

/** Replaces a process while it is being terminated; the later one is not signaled. */
async function replaceDuringTermination(): Promise<void> {
  const script = "trap '' TERM; echo; exec sleep 600";
  await using process = new TempProcess(["sh", "-c", script], {
    stdout: "piped",
  });
  await process.firstLine();
  const found = await find(process.pid);
  const terminated = terminateTree(found, { graceMs: 50 });
  await using stranger = await replace(process, found);
  await terminated;
  await assertUntouched(stranger);
}

/** Asserts that a process has received no signal: any would have ended it. */
async function assertUntouched({ pid }: TempProcess): Promise<void> {
  const { state } = (await localProcessTable.find(pid))!;
  assertEquals(state, "running");
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  assert(/^SigPnd:\s+0+$/m.test(status) && /^ShdPnd:\s+0+$/m.test(status));
}

/** Reuses this many pids; this program must run in a separate pid namespace. */
export async function reusePids(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const how = RECORDS[round % (RECORDS.length + 1)];
    if (how === undefined) await replaceDuringTermination();
    else await replaceBetweenPolls(how);
  }
}

const PROGRAM = `
const [module, rounds] = Deno.args;
const { reusePids } = await import(module);
await reusePids(Number(rounds));
console.log(rounds, "pids were reused");`;

/** Tests that a process with a reused pid is neither shown nor signaled. */
export function testPidReuse(rounds: number): void {
  testNamespaces(
    `${rounds} processes with a reused pid are neither shown as running nor signaled`,
    async () => {
      await using program = new NamespacedProgram(PROGRAM, [
        import.meta.url,
        String(rounds),
      ]);
      assertEquals(await program.nextLine(), `${rounds} pids were reused`);
    },
  );
}
