import { assert } from "@std/assert";
import { measureLogMemory, type Writer } from "../../log_memory.ts";

const WRITERS: readonly Writer[] = ["first poll", "growth", "200 MB/s"];

for (const lineSize of [100, 16 * 1024]) {
  for (const writer of WRITERS) {
    Deno.test({
      name:
        `LogTail takes less than 3 times the memory of its ${lineSize}-byte lines (${writer})`,
      fn: async () => {
        const { shown, peak } = await measureLogMemory(writer, lineSize);
        const ratio = peak / shown;
        assert(ratio < 3, `took ${ratio} times the memory`);
      },
    });
  }
}
