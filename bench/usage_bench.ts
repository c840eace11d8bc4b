/** Measures sampling the usage of a process, compared with a scan of `/proc`. */
import { parseProcStat, readPids } from "../process/system/proc_table.ts";
import { ProcTable } from "../process/system/proc_table.ts";
import { UsageMeter } from "../process/system/usage.ts";

// No sharing: each iteration takes its own sample.
const meter = new UsageMeter(new ProcTable(0));
await meter.read(Deno.pid);

Deno.bench("UsageMeter", { group: "usage", baseline: true }, async () => {
  await meter.read(Deno.pid);
});

Deno.bench("a scan of all processes", { group: "usage" }, async () => {
  const pids = await readPids();
  await Promise.all(pids.map(async (pid) => {
    try {
      parseProcStat(await Deno.readTextFile(`/proc/${pid}/stat`));
    } catch {
      // Exited in the meantime.
    }
  }));
});
