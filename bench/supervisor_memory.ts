import { delay } from "@std/async";
import { ProcessManager } from "../manager.ts";
import { ProcessDirectory } from "../process/directory/process_directory.ts";
import { TempDir, TempProcess } from "../tests/files/support.ts";
import type { Figure } from "./harness/figure.ts";
import { memoryOf } from "./harness/memory.ts";

/** How long a program may still free memory after its start, in milliseconds. */
const SETTLE_MS = 5000;

/** The memory of a supervisor, beside an empty program that waits. */
export const supervisorMemory: Figure = {
  name: "supervisor-memory",
  async measure() {
    using dir = new TempDir();
    const waiting = await dir.write(
      "waiting.ts",
      "setInterval(() => {}, 1e6);",
    );
    await using empty = new TempProcess([Deno.execPath(), "run", waiting]);
    const manager = new ProcessManager({ dir: dir.file("processes") });
    const name = "bench";
    const { processDir } = await manager.run({ name, cmd: ["sleep", "60"] });
    try {
      const state = await new ProcessDirectory(processDir).readState();
      const supervisor = state?.start?.supervisorPid;
      if (!supervisor) throw new Error("Cannot find the supervisor");
      await delay(SETTLE_MS);
      const [floor, ours] = [memoryOf(empty.pid), memoryOf(supervisor)];
      const figure = "the supervisor; floor: an empty program that waits";
      const unit = "MB";
      return [
        {
          figure: `resident memory of ${figure}`,
          unit,
          floor: floor.rss,
          ours: ours.rss,
          limit: 1.2,
        },
        {
          figure: `proportional memory of ${figure}`,
          unit,
          floor: floor.pss,
          ours: ours.pss,
          limit: 1.4,
        },
      ];
    } finally {
      await manager.remove(name);
    }
  },
};
