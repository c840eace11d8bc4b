import {
  isRunning,
  matchesStart,
  type ProcessIdentity,
  type ProcessTableOptions,
  readProcess,
} from "./identity.ts";
import type { ProcessState } from "../directory/state.ts";

/**
 * Follows the process that a record names, and no other that gets its pid later.
 *
 * A process is recognised once, by the start time of its record where there is
 * one. From then on it is known by its start ticks, which stay when the system
 * clock is set. A process that was not found, or has ended, does not come back
 * under the same record.
 */
export class ProcessTracker {
  readonly #options: ProcessTableOptions;
  #record: ProcessState | null = null;
  #identity: ProcessIdentity | null = null;
  #ended = false;

  /**
   * Follows no process yet.
   *
   * @param options Where to look for processes.
   */
  constructor(options: ProcessTableOptions = {}) {
    this.#options = options;
  }

  /**
   * The process of this record; null when it is not alive. Another object is
   * another record, even with equal content: a daemon can write the same pid again.
   *
   * @throws {Error} If the process table cannot be read.
   */
  async find(record: ProcessState): Promise<ProcessIdentity | null> {
    if (record !== this.#record) {
      this.#record = record;
      this.#identity = null;
      this.#ended = false;
    }
    if (this.#ended) return null;
    if (this.#identity === null) return await this.#recognise(record);
    if (await isRunning(this.#identity, this.#options)) return this.#identity;
    this.#ended = true;
    return null;
  }

  async #recognise(record: ProcessState): Promise<ProcessIdentity | null> {
    const { pid, createTime } = record;
    const found = await readProcess(pid, this.#options);
    this.#ended = found === null;
    if (found === null) return null;
    // Not yet the end of it: a clock that is set back can prove it the same.
    if (createTime !== null && !matchesStart(found, createTime)) return null;
    this.#identity = found;
    return found;
  }
}
