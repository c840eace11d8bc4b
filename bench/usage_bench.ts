/** Measures sampling the usage of a process, compared with a scan of `/proc`. */
import { readPids, readProcStat } from "../process/system/proc.ts";
import { UsageMeter } from "../process/system/usage.ts";

const meter = new UsageMeter();
await meter.read(Deno.pid);

Deno.bench("UsageMeter", { group: "usage", baseline: true }, async () => {
  await meter.read(Deno.pid);
});

Deno.bench("a scan of all processes", { group: "usage" }, async () => {
  await Promise.all((await readPids()).map(readProcStat));
});
