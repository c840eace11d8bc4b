import { assert, assertEquals } from "@std/assert";
import { processWidget } from "../../mod.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TempDir, TempProcess } from "../files/support.ts";

const POLLS = 1_000_000;

/** From when on nothing may grow: by then everything has happened often. */
const WARM = 100_000;

/** Returns the size of the heap after garbage collection, in bytes. */
function heapUsed(): number {
  (globalThis as unknown as { gc(): void }).gc();
  return Deno.memoryUsage().heapUsed;
}

function countDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Changes the files of a process as a busy program and its operator do. */
class Churn {
  readonly #dir: TempDir;
  readonly #directory: ProcessDirectory;
  readonly #pids: readonly number[];

  constructor(dir: TempDir, pids: readonly number[]) {
    this.#dir = dir;
    this.#directory = new ProcessDirectory(dir.path);
    this.#pids = pids;
  }

  /** Does what is due before a poll. */
  async before(poll: number): Promise<void> {
    if (poll % 3 === 0) await this.#dir.append("stdout.log", `line ${poll}\n`);
    if (poll % 1000 === 1) {
      await Deno.rename(
        this.#dir.file("stdout.log"),
        this.#dir.file("old.log"),
      );
    }
    if (poll % 500 === 2) {
      const status = poll % 1000 < 500 ? "healthy" : "busy";
      await this.#dir.writeJson("health.json", { status, details: { poll } });
    }
    if (poll % 10_000 === 0) await this.#restart(poll / 10_000);
  }

  async #restart(count: number): Promise<void> {
    const pid = this.#pids[count % this.#pids.length];
    const identity = await localProcessTable.find(pid);
    await this.#directory.writeRunning(identity!, null);
  }
}

Deno.test({
  name: `A widget polls ${POLLS} times without leaking memory or descriptors`,
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using dir = new TempDir();
    await using first = new TempProcess(["sleep", "infinity"]);
    await using second = new TempProcess(["sleep", "infinity"]);
    const pids = [first.pid, second.pid];
    const churn = new Churn(dir, pids);
    // Deno keeps a record of each delay of a timer until it is over, even if the
    // timer was cancelled, so an interval of an hour would look like a leak.
    const widget = processWidget(dir.path, { interval: 1000 });
    const poll = async (from: number, to: number) => {
      for (let at = from; at < to; at++) {
        await churn.before(at);
        await widget.refresh();
      }
    };
    await poll(0, WARM);
    const [heap, descriptors] = [heapUsed(), countDescriptors()];
    await poll(WARM, POLLS);
    assertEquals(widget.get("stdout_lines").at(-1), `line ${POLLS - 1}`);
    assert(pids.includes(widget.get("pid")!));
    const growth = heapUsed() - heap;
    assert(growth < 2_000_000, `The heap grew by ${growth} bytes`);
    assertEquals(countDescriptors(), descriptors);
    widget.close();
  },
});
