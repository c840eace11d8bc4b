import { assert, assertEquals } from "@std/assert";
import { ProcTable } from "../../../process/system/proc_table.ts";
import { PsTable } from "../../../process/system/ps_table.ts";
import { UsageMeter } from "../../../process/system/usage.ts";
import { canChoosePids, TempProcess, until } from "../support.ts";

/** A program whose child uses CPU time and memory. */
const BUSY = `const child = new Deno.Command(Deno.execPath(), {
  args: ["eval", "const memory = new Uint8Array(2e8).fill(1); while (memory) {}"],
}).spawn();
await child.status;`;

Deno.test({
  name:
    "UsageMeter does not count a stranger that was given the pid of a child",
  ignore: !canChoosePids,
  async fn() {
    const script = "sleep 600 & echo $!; wait; exec sleep 600";
    await using parent = new TempProcess(["sh", "-c", script], {
      stdout: "piped",
    });
    const child = Number(await parent.firstLine());
    const table = new ProcTable(0);
    const meter = new UsageMeter(table, 0);
    const memory = async () => (await meter.read(parent.pid))?.memoryBytes;
    const alone = async () => {
      const sample = await new ProcTable(0).sample();
      const [{ memoryBytes }] = await sample.measure([parent.pid]);
      return memoryBytes;
    };
    await until(async () => await memory() !== await alone());
    Deno.kill(child, "SIGKILL");
    const comm = `/proc/${parent.pid}/comm`;
    await until(() => Deno.readTextFileSync(comm) === "sleep\n");
    await using _stranger = await TempProcess.withPid(child);
    assertEquals(await memory(), await alone());
    assertEquals(await memory(), await alone(), "the parent is corrected");
  },
});

for (const [from, Table] of [["proc", ProcTable], ["ps", PsTable]] as const) {
  Deno.test(`UsageMeter includes the children of a process (${from})`, async () => {
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
      // The child would outlive its parent.
      await new Deno.Command("pkill", { args: ["-P", String(parent.pid)] })
        .output();
    }
  });

  Deno.test(`UsageMeter returns null for a process that does not exist (${from})`, async () => {
    const meter = new UsageMeter(new Table());
    assertEquals(await meter.read(null), null);
    assertEquals(await meter.read(4_194_305), null);
  });
}
