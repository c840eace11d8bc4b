/**
 * Limits the file system calls under way, so that file systems that hang occupy
 * only a few of the threads on which all asynchronous calls of this program run.
 */
import { ReasonError } from "./reading.ts";

/** A mounted file system. */
export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** Its type, as in "ext4" or "fuse.sshfs"; empty if unknown. */
  readonly type: string;
}

/** How a call is to be made. */
export interface CallOptions<T> {
  /** How long to wait for the answer, in milliseconds. Default 2000. */
  readonly patienceMs?: number;
  /** Receives the result of a call that was given up. */
  readonly onLate?: (value: T) => void;
  /** Whether its mount is certain, as it is a step towards locating a path. */
  readonly isStep?: boolean;
}

/** The file system of a path does not respond. */
export class UnresponsiveError extends ReasonError {
  /** The name of the error. */
  override name = "UnresponsiveError";
}

/** Maximum number of calls under way: Deno has 32 threads for them. */
const MAX_CALLS = 16;

/** Maximum number of calls under way on one mount. */
const MAX_CALLS_PER_MOUNT = 4;

/** How long a call may take before its mount counts as hanging, in milliseconds. */
export const OVERDUE_MS = 2000;

/** How often a call is let through to a mount that hangs, in milliseconds. */
const PROBE_MS = 10_000;

/**
 * How late a check may be before it is repeated, in milliseconds: code that
 * kept this thread busy also kept it from receiving answers.
 */
const LATE_MS = 200;

/** The calls on one mount. */
interface Place {
  readonly mount: Mount;
  readonly active: Set<Call>;
  readonly waiting: Set<Call>;
  /** The number of the last call that had begun when an answer arrived. */
  answered: number;
  /** When the last call began. */
  startedAt: number;
}

/** One call, from its request to its answer. */
interface Call {
  readonly path: string;
  readonly patienceMs: number;
  readonly isStep: boolean;
  readonly start: () => void;
  readonly reject: (error: Error) => void;
  place: Place;
  /** Calls are numbered in the order in which they begin; 0 while it waits. */
  number: number;
  /** When it was requested or, after that, when it began. */
  time: number;
  /** Whether its mount is certain to be the one that does not answer. */
  isStuck: boolean;
  isGivenUp: boolean;
}

/** Runs file system calls, a few at a time on each mount. */
export class Slots {
  readonly #locate: (path: string) => Promise<Mount>;
  readonly #places = new Map<string, Place>();
  /** The calls that have been unanswered for 2 s. */
  readonly #overdue = new Set<Call>();
  #active = 0;
  #lastNumber = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next check is due; infinite if none is needed. */
  #checkAt = Infinity;

  /** @param locate Returns the mount on which an overdue call hangs. */
  constructor(locate: (path: string) => Promise<Mount>) {
    this.#locate = locate;
  }

  /**
   * Makes a call on a path of a mount, when it is its turn.
   *
   * @throws {UnresponsiveError} If the call is not answered in time; at once if
   * an earlier call on that path, or all calls on that mount since, have been
   * unanswered for 2 s.
   */
  run<T>(
    mount: Mount,
    path: string,
    fn: () => Promise<T>,
    options: CallOptions<T> = {},
  ): Promise<T> {
    const { patienceMs = OVERDUE_MS, isStep = false, onLate } = options;
    return new Promise((resolve, reject) => {
      const answer = (value: T) => {
        this.#end(call);
        if (call.isGivenUp) onLate?.(value);
        else resolve(value);
      };
      const fail = (error: unknown) => {
        this.#end(call);
        reject(error);
      };
      const call: Call = {
        path,
        patienceMs,
        isStep,
        start: () => void fn().then(answer, fail),
        reject,
        place: this.#placeOf(mount),
        number: 0,
        time: performance.now(),
        isStuck: false,
        isGivenUp: false,
      };
      this.#admit(call);
    });
  }

  #placeOf(mount: Mount): Place {
    let place = this.#places.get(mount.point);
    if (place === undefined) {
      place = {
        mount,
        active: new Set(),
        waiting: new Set(),
        answered: 0,
        startedAt: 0,
      };
      this.#places.set(mount.point, place);
    }
    return place;
  }

  #admit(call: Call): void {
    if (this.#overdue.size > 0 && this.#isHopeless(call)) {
      call.reject(this.#unresponsive(call));
    } else if (this.#mustWait(call)) {
      call.place.waiting.add(call);
      this.#scheduleFor(call, call.time);
    } else {
      this.#start(call);
    }
  }

  #mustWait({ place, isStep }: Call): boolean {
    if (this.#active >= MAX_CALLS) return true;
    if (place.active.size < MAX_CALLS_PER_MOUNT) return false;
    // Calls whose mount is being determined may only seem to be on this one.
    const isLocating = isStep &&
      [...this.#overdue].some((other) =>
        other.place === place && !other.isStuck
      );
    return !isLocating;
  }

  /** Returns whether a call would get no answer, as far as is known. */
  #isHopeless({ path, place, time, patienceMs }: Call): boolean {
    if (patienceMs === Infinity) return false;
    const overdue = [...this.#overdue];
    if (overdue.length === MAX_CALLS) return true;
    if (overdue.some((other) => other.path === path)) return true;
    const here = overdue.filter((other) =>
      other.isStuck && other.place === place
    );
    if (here.length >= MAX_CALLS_PER_MOUNT) return true;
    const isSilent = here.some(({ number }) => number > place.answered);
    return isSilent && time - place.startedAt < PROBE_MS;
  }

  #start(call: Call): void {
    const { place } = call;
    place.active.add(call);
    place.startedAt = call.time;
    call.number = ++this.#lastNumber;
    this.#active++;
    this.#scheduleFor(call, call.time);
    call.start();
  }

  #end(call: Call): void {
    const { place } = call;
    place.active.delete(call);
    place.answered = this.#lastNumber;
    this.#overdue.delete(call);
    this.#active--;
    this.#startNext(place);
    if (this.#active < MAX_CALLS - 1) return;
    for (const other of this.#places.values()) this.#startNext(other);
  }

  #startNext({ waiting }: Place): void {
    for (const call of waiting) {
      if (this.#mustWait(call)) return;
      waiting.delete(call);
      call.time = performance.now();
      this.#start(call);
    }
  }

  #schedule(at: number): void {
    if (at >= this.#checkAt) return;
    clearTimeout(this.#timer);
    this.#checkAt = at;
    const ms = Math.max(at - performance.now(), 0);
    this.#timer = setTimeout(() => this.#check(), ms);
    // The calls keep the program running, not this timer.
    Deno.unrefTimer(this.#timer);
  }

  /** Finds overdue calls, and gives up those that have waited long enough. */
  #check(): void {
    const now = performance.now();
    const isLate = now > this.#checkAt + LATE_MS;
    this.#checkAt = Infinity;
    if (isLate) return this.#schedule(now + LATE_MS);
    for (const { active, waiting } of this.#places.values()) {
      for (const call of [...active, ...waiting]) {
        const age = now - call.time;
        if (call.number > 0 && age >= OVERDUE_MS) this.#markOverdue(call);
        const isHopeless = call.number === 0 && this.#isHopeless(call);
        if (age >= call.patienceMs || isHopeless) this.#giveUp(call);
        this.#scheduleFor(call, now);
      }
    }
  }

  /** Schedules the check at which a call will be overdue or given up. */
  #scheduleFor({ time, patienceMs, isGivenUp }: Call, now: number): void {
    if (!isGivenUp) this.#schedule(time + patienceMs);
    if (time + OVERDUE_MS > now) this.#schedule(time + OVERDUE_MS);
  }

  #markOverdue(call: Call): void {
    if (this.#overdue.has(call)) return;
    this.#overdue.add(call);
    if (call.isStep) call.isStuck = true;
    else this.#locate(call.path).then((mount) => this.#markStuck(call, mount));
  }

  /** Counts a call on the mount where it hangs: a link may lead there by now. */
  #markStuck(call: Call, mount: Mount): void {
    call.isStuck = true;
    // Calls that wait for this mount need not wait any longer.
    this.#schedule(performance.now());
    const { place } = call;
    const actual = this.#placeOf(mount);
    if (actual === place || !place.active.delete(call)) return;
    call.place = actual;
    actual.active.add(call);
    this.#startNext(place);
  }

  #giveUp(call: Call): void {
    if (call.isGivenUp) return;
    call.isGivenUp = true;
    call.place.waiting.delete(call);
    call.reject(this.#unresponsive(call));
  }

  #unresponsive({ place, time }: Call): UnresponsiveError {
    const overdue = [...this.#overdue];
    const here = overdue.filter((other) => other.place === place);
    const since = Math.min(
      time,
      ...(here.length > 0 ? here : overdue).map((other) => other.time),
    );
    const seconds = Math.floor((performance.now() - since) / 1000);
    if (here.length > 0 || overdue.length === 0) {
      return new UnresponsiveError(
        `its file system has not responded for ${seconds} s: check the mount '${place.mount.point}'`,
      );
    }
    const points = new Set(overdue.map((other) => other.place.mount.point));
    const names = [...points].map((point) => `'${point}'`).join(", ");
    return new UnresponsiveError(
      `too many other calls have not been answered for ${seconds} s: check the mounts ${names}`,
    );
  }
}
