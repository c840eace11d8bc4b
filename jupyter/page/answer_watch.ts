import { HEARTBEAT_MS } from "../protocol.ts";

/**
 * How long an idle kernel may leave a request unanswered while its updates keep
 * coming, in milliseconds. The longest reply measured took 0.7 s, with six times
 * as many busy programs as cores; a hub and 200 ms of latency take less.
 */
const LIMIT_MS = 10_000;

/** Added for each byte of a request, as it may be uploaded at 100 KB a second. */
const UPLOAD_MS = 0.01;

/** The longest interval between two updates that counts, so that two updates
 * after a pause of the whole page do not. */
const MAX_INTERVAL_MS = HEARTBEAT_MS + 1000;

/**
 * Detects that the host passes on no requests: the one that it watches stays
 * unanswered although updates from the kernel keep coming.
 *
 * The kernel runs requests and sends updates in one event loop, so updates prove
 * that it could have replied, unless an earlier request still runs.
 */
export class AnswerWatch {
  readonly #limit: number;
  #updatedAt: number;
  #waited = 0;

  /** @param length The length of the request, in bytes. */
  constructor(now: number, length: number) {
    this.#updatedAt = now;
    this.#limit = LIMIT_MS + length * UPLOAD_MS;
  }

  /**
   * Counts an update of the kernel.
   *
   * @param busy Whether the kernel is running code or is not connected.
   * @returns Whether an answer is no longer to be expected.
   */
  update(now: number, busy: boolean): boolean {
    const interval = Math.min(now - this.#updatedAt, MAX_INTERVAL_MS);
    this.#updatedAt = now;
    this.#waited = busy ? 0 : this.#waited + interval;
    return this.#waited > this.#limit;
  }
}
