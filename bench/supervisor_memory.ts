import { delay } from "@std/async";
import { ProcessManager } from "../manager.ts";
import { ProcessDirectory } from "../process/directory/process_directory.ts";
import { TempDir, TempProcess } from "../tests/files/support.ts";
import type { Figure } from "./harness/figure.ts";
import { memoryOf } from "./harness/memory.ts";

/** How long a program may still free memory, in milliseconds. */
const SETTLE_MS = 5000;

/** Number of processes that the supervisor starts. */
const STARTS = 100;

/**
 * The memory of a supervisor with one process and with many, beside an empty
 * program that waits. Without a limit, V8's young generation grows with each
 * start: to 15 times the anonymous memory of an empty program.
 */
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
    const names = Array.from({ length: STARTS }, (_, i) => `bench-${i}`);
    const start = (name: string) =>
      manager.run({ name, cmd: ["sleep", "600"] });
    try {
      const { processDir } = await start(names[0]);
      const state = await new ProcessDirectory(processDir).readState();
      const supervisor = state?.start?.supervisorPid;
      if (!supervisor) throw new Error("Cannot find the supervisor");
      await delay(SETTLE_MS);
      const [floor, one] = [memoryOf(empty.pid), memoryOf(supervisor)];
      for (const name of names.slice(1)) await start(name);
      await delay(SETTLE_MS);
      const many = memoryOf(supervisor);
      const figure = (memory: string, processes: string) =>
        `${memory} memory of the supervisor, ${processes}; floor: an empty program`;
      const unit = "MB";
      return [
        {
          figure: figure("resident", "one process"),
          unit,
          floor: floor.rss,
          ours: one.rss,
          limit: 2.2,
        },
        {
          figure: figure("anonymous", `${STARTS} processes`),
          unit,
          floor: floor.anonymous,
          ours: many.anonymous,
          limit: 8,
        },
      ];
    } finally {
      await manager.removeAll();
    }
  },
};
