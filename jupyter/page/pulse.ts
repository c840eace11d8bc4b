import type { AnyModel } from "anywidget/types";
import { BEAT, BEAT_MS } from "../protocol.ts";
import { type Channel, UplinkError } from "./channel.ts";
import type { UplinkState } from "./uplink.ts";

/** Silence of less than this is none, in milliseconds. */
const MIN_PATIENCE_MS = 700;

/** A beat may be so late, in milliseconds. */
const SLACK_MS = 1500;

/** Updates that come so often in a row set the pace. */
const PACE_OF = 3;

/** So long a kernel that is idle has to answer, in milliseconds. */
const ANSWER_MS = 2000;

/** Asks the kernel for a sign of life, and for all traits if some may have been
 * missed. Any request makes a stalled event loop go on. */
type Ask = (missed: boolean) => Promise<void>;

/**
 * Whether the kernel still says something, and if not, why.
 *
 * A widget that tells something every second is missed after two; one that is
 * quiet, when its beat is late. Then the kernel is asked.
 */
export class Pulse extends EventTarget {
  readonly #channel: Channel;
  readonly #ask: Ask;
  readonly #beats: boolean;
  #state: Exclude<UplinkState, "unavailable"> = "ready";
  #heardAt = Date.now();
  #lastHeard = performance.now();
  #gaps: number[] = [BEAT_MS];
  #beat = false;
  #watched = false;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: AnyModel, channel: Channel, ask: Ask) {
    super();
    this.#channel = channel;
    this.#ask = ask;
    this.#beats = model.get(BEAT) !== undefined;
    model.on(`change:${BEAT}`, () => this.#beat = true);
    model.on("change", () => this.#heard());
    // The widget manager gives up its models when the kernel restarts.
    model.on("comm_live_update", () => this.end());
    channel.addEventListener("end", () => this.end());
    channel.addEventListener("disconnected", () => this.#set("offline"));
    channel.addEventListener("connected", () => this.#look(true));
  }

  get state(): Exclude<UplinkState, "unavailable"> {
    return this.#state;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  /** Whether there is a view that wants to know. */
  set watched(watched: boolean) {
    this.#watched = watched;
    this.#wait();
  }

  /** The widget is gone, for good. */
  end(): void {
    this.#set("gone");
    clearTimeout(this.#timer);
  }

  #heard(): void {
    const now = performance.now();
    // A beat says that there is nothing to tell: the pace is that of beats.
    if (this.#beat) this.#gaps = [BEAT_MS];
    else this.#gaps = [...this.#gaps, now - this.#lastHeard].slice(-PACE_OF);
    this.#beat = false;
    this.#lastHeard = now;
    this.#heardAt = Date.now();
    this.#set("ready");
    this.#wait();
  }

  #set(state: Exclude<UplinkState, "unavailable">): void {
    if (this.#state === state || this.#state === "gone") return;
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#beats || !this.#watched || this.#state === "gone") return;
    const expected = 2.2 * Math.max(...this.#gaps);
    const patience = Math.min(
      Math.max(expected, MIN_PATIENCE_MS),
      BEAT_MS + SLACK_MS,
    );
    this.#timer = setTimeout(() => this.#look(false), patience);
  }

  /** Finds out why there is silence, until there is none. */
  async #look(missed: boolean): Promise<void> {
    if (this.#asking) return;
    // Without a way to the kernel there is nothing to find out.
    if (!this.#channel.kernel) return this.#set("stale");
    this.#asking = true;
    const since = performance.now();
    const silent = () => this.#lastHeard < since && this.#state !== "gone";
    while (silent() && (missed || this.#watched)) {
      if (!this.#channel.connected) this.#set("offline");
      else if (this.#channel.busy) this.#set("busy");
      else {
        await this.#answer(missed);
        if (silent()) await this.#next(ANSWER_MS / 2);
        if (silent() && !this.#channel.busy) this.#set("stale");
        missed = false;
      }
      if (silent()) await this.#next(ANSWER_MS);
    }
    this.#asking = false;
    this.#wait();
  }

  async #answer(missed: boolean): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, ANSWER_MS));
    try {
      await Promise.race([this.#ask(missed), late]);
    } catch (error) {
      // One that is gone has ended this pulse already.
      if (!(error instanceof UplinkError)) throw error;
    }
  }

  /** Resolves when something has changed, or after this many milliseconds. */
  #next(ms: number): Promise<void> {
    const done = new AbortController();
    return new Promise<void>((resolve) => {
      const options = { signal: done.signal };
      const timer = setTimeout(resolve, ms);
      done.signal.addEventListener("abort", () => clearTimeout(timer));
      this.#channel.addEventListener("status", () => resolve(), options);
      this.addEventListener("state", () => resolve(), options);
    }).finally(() => done.abort());
  }
}
