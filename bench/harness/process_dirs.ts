import { join } from "@std/path";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import type { TempDir } from "../../tests/files/support.ts";

/** A process directory and the pid in it. */
export interface BenchProcess {
  readonly dir: string;
  readonly pid: number;
}

/** Writes a process directory with five files for each of the processes. */
export async function writeProcessDirs(
  parent: TempDir,
  pids: readonly number[],
): Promise<BenchProcess[]> {
  const processes: BenchProcess[] = [];
  for (const [index, pid] of pids.entries()) {
    const dir = join(parent.path, `process-${index}`);
    await Deno.mkdir(dir);
    await writeProcessDir(dir, pid);
    processes.push({ dir, pid });
  }
  return processes;
}

async function writeProcessDir(dir: string, pid: number): Promise<void> {
  const directory = new ProcessDirectory(dir, "bench");
  const cmd = ["sleep", "3600"];
  const spec = { name: "bench", cmd, env: {}, cwd: dir, ttlSeconds: null };
  await directory.writeSpec(spec);
  const identity = await localProcessTable.find(pid);
  await directory.writeState({
    pid,
    createTime: identity?.startTime ?? null,
    createdAt: Date.now(),
  });
  const report = { status: "healthy", timestamp: new Date().toISOString() };
  await Deno.writeTextFile(directory.healthFile, JSON.stringify(report));
  await Deno.writeTextFile(directory.stdoutLog, "a line\n".repeat(1000));
  await Deno.writeTextFile(directory.stderrLog, "");
  // A file that has just changed is read again, as a second change might not
  // show in its times.
  for (const { name } of Deno.readDirSync(dir)) {
    Deno.utimeSync(join(dir, name), 1, 1);
  }
}
