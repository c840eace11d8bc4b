/** Triggers polls when files change, instead of waiting for the next tick. */
import { ChangeWatch } from "../process/files/change_watch.ts";
import type { ProcessSnapshot } from "../process/snapshot.ts";
import { pathsOf, type WatchedFiles } from "../process/source.ts";
import { type Clock, sharedClock } from "./clock.ts";

/** Minimum time between two pushed polls of a widget, in milliseconds. */
const MIN_GAP_MS = 100;

/** Average time between two pushed polls of all widgets, in milliseconds: a
 * Jupyter server drops messages above 1,000 per second. */
const TURN_MS = 1000 / 300;

/** How far polls may be ahead of that average, in milliseconds. */
const BURST_MS = 100;

/** How long until files that cannot be watched are tried again, in milliseconds. */
const RETRY_MS = 60_000;

/** Minimum time between two replacements of a watch that missed a change, in
 * milliseconds. */
const REPLACE_MS = 10_000;

/** Reports the next change, as {@linkcode ChangeWatch} does. */
export interface NextChange {
  /** Whether a change will be reported. */
  readonly armed: boolean;
  /** Watches for the next change; returns why that is impossible, or null. */
  arm(): Promise<string | null>;
  /** Stops watching. */
  disarm(): void;
}

/** What a {@linkcode Push} does, and when. */
export interface PushOptions {
  /** Creates the watch, given what it calls on a change. */
  watch: (onChange: () => void) => NextChange;
  /** Polls now. */
  poll: () => void;
  /** Receives why changes cannot be watched for, and null when they can again. */
  onObstacle: (reason: string | null) => void;
  /** Shares out the polls of all widgets. */
  turns?: Turns;
}

/** Spreads the pushed polls of all widgets, at most 300 per second on average. */
export class Turns {
  /** Its clock. */
  readonly clock: Clock;
  /** When the next turn would be if turns were evenly spread. */
  #next = -Infinity;

  constructor(clock: Clock = sharedClock) {
    this.clock = clock;
  }

  /** Takes a turn; returns when it is. */
  take(): number {
    const now = this.clock.now();
    // If the clock was set back, the wait must not grow.
    this.#next = Math.max(now, Math.min(this.#next, now + 1000)) + TURN_MS;
    return Math.max(now, this.#next - BURST_MS);
  }
}

const allWidgets = new Turns();

/**
 * Polls at once when a file changes, at most ten times a second. Files are
 * watched for one change at a time, so a busy log costs ten events per second.
 */
export class Push {
  readonly #watch: NextChange;
  readonly #options: PushOptions;
  readonly #turns: Turns;
  #isOn = false;
  #obstacle: string | null = null;
  #last: readonly unknown[] = [];
  /** Whether the next poll is pushed, and whether the current one is. */
  #isDue = false;
  #isPushed = false;
  #pushedAt = -Infinity;
  #retryAt = -Infinity;
  #replaceAt = -Infinity;
  #cancel: (() => void) | null = null;
  /** Whether the watch is being armed, and whether it reported a change already. */
  #isArming = false;
  #isChanged = false;
  /** Number of stops, by which one that arms detects them. */
  #stops = 0;

  constructor(options: PushOptions) {
    this.#options = options;
    this.#turns = options.turns ?? allWidgets;
    this.#watch = options.watch(() => this.#schedule());
  }

  /** Begins with the next poll. */
  start(): void {
    this.#isOn = true;
  }

  /** Stops watching and polling. Idempotent. */
  stop(): void {
    this.#isOn = false;
    this.#stops++;
    this.#cancel?.();
    this.#cancel = null;
    this.#retryAt = this.#replaceAt = -Infinity;
    this.#watch.disarm();
  }

  /** Whether a change triggered the poll that has begun last. */
  get isPushed(): boolean {
    return this.#isPushed;
  }

  /** Notes that a poll begins; returns whether a change triggered it. */
  begin(): boolean {
    this.#isPushed = this.#isDue;
    this.#isDue = false;
    return this.#isPushed;
  }

  /** Receives the result of every poll. */
  polled(snapshot: ProcessSnapshot): void {
    const facts = factsOf(snapshot);
    const isChanged = facts.some((fact, i) => fact !== this.#last[i]);
    this.#last = facts;
    if (!this.#isOn || this.#cancel || this.#isArming) return;
    // A pushed poll is expected to find changes.
    if (this.#isPushed || this.#isDue) return;
    const now = this.#turns.clock.now();
    if (!this.#watch.armed) {
      // A file that was missing may have been created.
      const isNew = isChanged && this.#obstacle === null;
      if (isNew || now >= this.#retryAt) this.#schedule();
    } else if (isChanged && this.#obstacle === null && now >= this.#replaceAt) {
      // A watch that did not report a change may be on a replaced folder.
      this.#replaceAt = now + REPLACE_MS;
      this.#watch.disarm();
      this.#schedule();
    }
  }

  #schedule(): void {
    this.#isChanged = true;
    if (!this.#isOn || this.#cancel || this.#isArming) return;
    const turn = Math.max(this.#pushedAt + MIN_GAP_MS, this.#turns.take());
    this.#pushedAt = turn;
    const { clock } = this.#turns;
    const wait = Math.max(turn - clock.now(), 0);
    this.#cancel = clock.schedule(() => this.#push(), wait);
  }

  async #push(): Promise<void> {
    const { onObstacle, poll } = this.#options;
    const stops = this.#stops;
    this.#cancel = null;
    this.#isChanged = false;
    this.#isArming = true;
    // Watched first, so that the poll finds everything that is not reported.
    const obstacle = await this.#watch.arm();
    this.#isArming = false;
    if (stops !== this.#stops) return;
    if (!this.#watch.armed) this.#retryAt = this.#turns.clock.now() + RETRY_MS;
    if (obstacle !== this.#obstacle) onObstacle(obstacle);
    this.#obstacle = obstacle;
    this.#isDue = true;
    poll();
    if (this.#isChanged) this.#schedule();
  }
}

/** Creates the watch of the files that a widget polls. */
export function watchFiles(
  files: WatchedFiles,
  onChange: () => void,
): ChangeWatch {
  return new ChangeWatch(files.processDir, pathsOf(files), onChange);
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
