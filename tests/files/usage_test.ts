import { assert, assertEquals } from "@std/assert";
import { ProcTable } from "../../process/system/proc_table.ts";
import { PsTable } from "../../process/system/ps_table.ts";
import { UsageMeter } from "../../process/system/usage.ts";
import { TempProcess, until } from "./support.ts";

/** Busy in a child, which holds on to some memory. */
const BUSY = `const child = new Deno.Command(Deno.execPath(), {
  args: ["eval", "const it = new Uint8Array(2e8).fill(1); while (it) {}"],
}).spawn();
await child.status;`;

for (const [from, Table] of [["proc", ProcTable], ["ps", PsTable]] as const) {
  Deno.test(`UsageMeter counts the children of a process (${from})`, async () => {
    await using parent = new TempProcess([Deno.execPath(), "eval", BUSY]);
    const meter = new UsageMeter(new Table());
    assertEquals((await meter.read(parent.pid))?.cpuPercent, null);
    try {
      await until(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1200));
        const usage = await meter.read(parent.pid);
        assert(usage !== null);
        return usage.memoryBytes > 2e8 && usage.cpuPercent! > 20;
      });
    } finally {
      // An end of the parent does not end the child.
      await new Deno.Command("pkill", { args: ["-P", String(parent.pid)] })
        .output();
    }
  });

  Deno.test(`UsageMeter has nothing to say of nobody (${from})`, async () => {
    const meter = new UsageMeter(new Table());
    assertEquals(await meter.read(null), null);
    assertEquals(await meter.read(4_194_305), null);
  });
}
