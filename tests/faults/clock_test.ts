/** A process whose machine's clock is set while it runs. */
import { assert, assertEquals } from "@std/assert";
import { TempDir } from "../files/support.ts";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

/**
 * Runs a process, and for each line looks it up again, as another kernel would; the
 * line "terminate" ends it.
 */
const PROGRAM = `
const [module, dir] = Deno.args;
const { ProcessManager } = await import(module);
const manager = new ProcessManager({ dir });
const { pid } = await manager.run({ name: "a", cmd: ["sleep", "600"] });
console.log(pid);
for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const handle = await manager.get("a");
  if (line === "terminate\\n") {
    const ended = await handle.terminate();
    console.log(handle.exit.reason, ended.map(({ pid }) => pid).join());
  } else {
    console.log(handle.status, handle.pid);
  }
}`;

testNamespaces(
  "a process is found and ended after the clock was set",
  async () => {
    using dir = new TempDir();
    // The clock cannot be set for one program only. What shows in /proc when it
    // is set is the time of the boot, which the start times are relative to.
    const real = await Deno.readTextFile("/proc/stat");
    const stat = await dir.write("stat", real);
    const setClock = (seconds: number) =>
      dir.write(
        "stat",
        real.replace(
          /^btime (\d+)$/m,
          (_, btime) => `btime ${+btime + seconds}`,
        ),
      );
    const module = import.meta.resolve("../../manager.ts");
    await using program = new NamespacedProgram(PROGRAM, [
      module,
      dir.file("base"),
    ], { setup: `mount --bind '${stat}' /proc/stat` });
    const pid = await program.nextLine();
    assert(Number(pid) > 0);
    for (const hours of [0, -1, 2]) {
      await setClock(hours * 3600);
      assertEquals(await program.ask("status"), `running ${pid}`);
    }
    assertEquals(await program.ask("terminate"), `terminated ${pid}`);
  },
);
