import { assert, assertEquals } from "@std/assert";
import { processWidget } from "../../mod.ts";
import { TempProcessDir } from "../process_dir.ts";

const POLLS = 20_000;

/** Returns the size of the heap after garbage collection, in bytes. */
function heapUsed(): number {
  (globalThis as unknown as { gc(): void }).gc();
  return Deno.memoryUsage().heapUsed;
}

function countDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

Deno.test({
  name: `A widget polls ${POLLS} times without leaking memory or descriptors`,
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using process = await TempProcessDir.idle("polled");
    const widget = processWidget(process.path, { interval: 3_600_000 });
    const poll = async (from: number, to: number) => {
      for (let line = from; line < to; line++) {
        await process.append("stdout.log", `line ${line}\n`);
        await widget.refresh();
      }
    };
    await poll(0, 2000);
    const [heap, descriptors] = [heapUsed(), countDescriptors()];
    await poll(2000, POLLS);
    assertEquals(widget.get("stdout_lines").at(-1), `line ${POLLS - 1}`);
    const growth = heapUsed() - heap;
    assert(growth < 2_000_000, `The heap grew by ${growth} bytes`);
    assertEquals(countDescriptors(), descriptors);
    widget.close();
  },
});
