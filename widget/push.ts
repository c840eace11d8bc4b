/** Triggers polls when files change, instead of waiting for the next tick. */
import { ChangeWatch } from "../process/files/change_watch.ts";
import type { ProcessSnapshot } from "../process/snapshot.ts";
import type { WatchedFiles } from "../process/source.ts";

/** Minimum time between two polls of a widget, in milliseconds. */
const MIN_GAP_MS = 100;

/** Minimum time between two polls of all widgets, in milliseconds: a Jupyter
 * server drops messages above 1,000 per second. */
const MIN_TURN_MS = 1000 / 300;

/** When the last turn of any widget is taken, on the monotonic clock. */
let lastTurn = 0;

/**
 * Polls at once when a file changes, and then ten times a second until a poll
 * finds no change. Files are watched only while they are quiet, so that a busy
 * log costs no events.
 */
export class Push {
  readonly #watch: ChangeWatch;
  readonly #poll: () => void;
  readonly #onObstacle: (reason: string) => void;
  #isOn = false;
  #isObstructed = false;
  #last: readonly unknown[] = [];
  #polledAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param poll Polls now.
   * @param onObstacle Receives, once, why changes cannot be watched for.
   */
  constructor(
    files: WatchedFiles,
    poll: () => void,
    onObstacle: (reason: string) => void,
  ) {
    const { processDir, pidFile, healthFile, stdout, stderr } = files;
    const single = processDir === null
      ? [pidFile, healthFile, stdout, stderr].flatMap((path) => path ?? [])
      : [];
    this.#watch = new ChangeWatch(processDir, single, () => this.#schedule());
    this.#poll = poll;
    this.#onObstacle = onObstacle;
  }

  /** Begins with the next poll. */
  start(): void {
    this.#isOn = true;
  }

  /** Stops watching and polling. Idempotent. */
  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watch.disarm();
  }

  /** Receives the result of every poll. */
  async polled(snapshot: ProcessSnapshot): Promise<void> {
    if (!this.#isOn || this.#isObstructed) return;
    const facts = factsOf(snapshot);
    const isChanged = facts.some((fact, i) => fact !== this.#last[i]);
    this.#last = facts;
    if (isChanged) {
      // A watch that did not report the change may be on a replaced folder.
      this.#watch.disarm();
      this.#schedule();
    } else if (!this.#watch.armed && this.#timer === undefined) {
      const reason = await this.#watch.arm();
      if (reason !== null) {
        this.#isObstructed = true;
        this.#onObstacle(reason);
      } else if (this.#watch.armed) {
        // Finds what changed just before the files were watched.
        this.#schedule();
      }
    }
  }

  #schedule(): void {
    if (!this.#isOn || this.#timer !== undefined) return;
    const now = performance.now();
    lastTurn = Math.max(
      now,
      this.#polledAt + MIN_GAP_MS,
      Math.min(lastTurn, now + 1000) + MIN_TURN_MS,
    );
    this.#polledAt = lastTurn;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#poll();
    }, lastTurn - now);
  }
}

/** Returns what changes only if a file or the process does. */
function factsOf(snapshot: ProcessSnapshot): readonly unknown[] {
  const { health, exit } = snapshot;
  return [
    ...[snapshot.name, snapshot.status, snapshot.pid, snapshot.error],
    ...[snapshot.stdoutLines, snapshot.stderrLines],
    ...[health?.status, health?.message, health?.timestamp, exit?.exitedAt],
  ];
}
