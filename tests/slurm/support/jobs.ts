/** Jobs of a cluster, for one test. */
import { delay } from "@std/async";
import type { ProcessHandle } from "../../../handle.ts";
import { ProcessManager } from "../../../manager.ts";
import type { SlurmOptions } from "../../../process/slurm/options.ts";
import { TempDir } from "../../files/support.ts";

/** A base folder with a manager; its jobs are ended after the test. */
export class TempJobs implements AsyncDisposable {
  readonly #dir = new TempDir();
  /** The manager of the folder. */
  readonly manager: ProcessManager = new ProcessManager({ dir: this.path });

  /** The path of the folder. */
  get path(): string {
    return this.#dir.path;
  }

  /** Runs a shell script as a job. */
  sh(
    name: string,
    script: string,
    runner: Partial<SlurmOptions> = {},
    options: { ttlSeconds?: number } = {},
  ): Promise<ProcessHandle> {
    const cmd = ["sh", "-c", script];
    const type = "slurm" as const;
    return this.manager.run({
      name,
      cmd,
      runner: { type, ...runner },
      ...options,
    });
  }

  /** Terminates and removes all jobs. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.manager.removeAll({ graceMs: 100 });
    } finally {
      this.#dir[Symbol.dispose]();
    }
  }
}

/**
 * Polls a process until a condition holds.
 *
 * @throws {Error} If it does not in time; says how the process was.
 */
export async function untilIt(
  handle: ProcessHandle,
  condition: (handle: ProcessHandle) => unknown,
  ms = 20_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!condition(await handle.refresh())) {
    if (Date.now() > end) {
      throw new Error(
        `Condition never held: ${condition}, of ${handle} ${
          Deno.inspect({ job: handle.job, exit: handle.exit })
        }`,
      );
    }
    await delay(50);
  }
}
