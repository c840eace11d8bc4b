import {
  isRecorded,
  type LiveProcess,
  type ProcessIdentity,
  type RecordedProcess,
} from "./identity.ts";
import type { ProcessTable } from "./process_table.ts";

/**
 * Tracks the process that a state file or pid file names, and never a later one
 * that was given the same pid.
 *
 * A process is recognized once, by its recorded start ticks or else its start
 * time, where there is one. From then on its start ticks identify it, which do
 * not change when the system clock is set. A process that was not found, or has
 * exited, is not found again for the same record.
 */
export class ProcessTracker {
  readonly #table: ProcessTable;
  #record: RecordedProcess | null = null;
  #identity: ProcessIdentity | null = null;
  #exited = false;

  constructor(table: ProcessTable) {
    this.#table = table;
  }

  /**
   * Returns the recorded process, or null if it is not alive. Another object is
   * another record even with equal content: a daemon can write the same pid
   * again.
   *
   * @throws {Error} If the process table cannot be read.
   */
  async find(record: RecordedProcess): Promise<LiveProcess | null> {
    if (record !== this.#record) {
      this.#record = record;
      this.#identity = null;
      this.#exited = false;
    }
    if (this.#exited) return null;
    if (this.#identity === null) return await this.#recognize(record);
    const found = await this.#table.recheck(this.#identity);
    this.#exited = found === null;
    return found;
  }

  async #recognize(record: RecordedProcess): Promise<LiveProcess | null> {
    const found = await this.#table.find(record.pid);
    this.#exited = found === null;
    if (found === null) return null;
    // Not final: when the clock is set back, the start times may match after all.
    if (!isRecorded(found, record)) return null;
    this.#identity = found;
    return found;
  }
}
