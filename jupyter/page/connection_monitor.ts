import type { AnyModel } from "anywidget/types";
import { BEAT, BEAT_MS } from "../protocol.ts";
import type { Channel } from "./channel.ts";
import type { UplinkState } from "./uplink.ts";

/** Silence of less than this is none, in milliseconds. */
const MIN_PATIENCE_MS = 700;

/** A beat may be so late, in milliseconds. */
const SLACK_MS = 1000;

/** Updates that come so often in a row set the pace. */
const PACE_OF = 3;

/** So long a kernel that is idle has to answer, in milliseconds. */
const ANSWER_MS = 2000;

/** So long the request of another widget may take, in milliseconds: nobody calls
 * the kernel busy for that. */
const MOMENT_MS = 250;

/** What it has to tell comes so soon after its answer, in milliseconds. */
const TELL_MS = 1000;

/** Asks the kernel for a sign of life. Any request makes a stalled event loop
 * go on. */
type Ask = () => Promise<void>;

/**
 * Whether the kernel still says something, and if not, why.
 *
 * A widget that tells something every second is missed after two; one that is
 * quiet, when its beat is late. Then the kernel is asked.
 */
export class Pulse extends EventTarget {
  /** Whether changes of the model are the page's own. */
  deaf = false;
  readonly #channel: Channel;
  readonly #ask: Ask;
  readonly #beats: boolean;
  #state: Exclude<UplinkState, "unavailable"> = "ready";
  #heardAt: number | null = null;
  #lastHeard = performance.now();
  #gaps: number[] = [BEAT_MS];
  #beat = false;
  #watched = false;
  #looking = false;
  #asked: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param signal Aborts when the page gives up the model. */
  constructor(
    model: AnyModel,
    channel: Channel,
    ask: Ask,
    signal: AbortSignal,
  ) {
    super();
    this.#channel = channel;
    this.#ask = ask;
    this.#beats = model.get(BEAT) !== undefined;
    model.on(`change:${BEAT}`, () => this.#beat = true);
    model.on("change", () => {
      if (!this.deaf) this.#heard();
    });
    // The widget manager gives up its models when the kernel restarts.
    model.on("comm_live_update", () => this.end());
    const options = { signal };
    const offline = () => this.#set("offline");
    channel.addEventListener("end", () => this.end(), options);
    channel.addEventListener("disconnected", offline, options);
    channel.addEventListener("connected", () => this.#look(), options);
    signal.addEventListener("abort", () => this.end());
  }

  get state(): Exclude<UplinkState, "unavailable"> {
    return this.#state;
  }

  get heardAt(): number | null {
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
    this.#timer = setTimeout(() => this.#look(), patience);
  }

  /** Finds out why there is silence, until there is none. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    // Without a way to the kernel there is nothing to find out.
    if (!this.#channel.kernel) return this.#set("stale");
    this.#looking = true;
    const since = performance.now();
    const silent = () => this.#lastHeard < since && this.#state !== "gone";
    while (silent()) {
      if (!this.#channel.connected) this.#set("offline");
      else if (this.#channel.busy) {
        await this.#next(MOMENT_MS);
        if (!this.#channel.busy) continue;
        if (silent()) this.#set("busy");
      } else {
        const answered = await this.#answer();
        // One that never beats has nothing else to show that it lives.
        if (answered && !this.#beats) this.#heard();
        if (answered && silent()) await this.#next(TELL_MS);
        if (silent() && !this.#channel.busy) {
          this.#set(answered || navigator.onLine ? "stale" : "offline");
        }
      }
      if (silent()) await this.#next(ANSWER_MS);
    }
    this.#looking = false;
    this.#wait();
  }

  /** Asks the kernel; returns whether it has answered in time. */
  async #answer(): Promise<boolean> {
    // What waits for an answer already would only be followed by another.
    this.#asked ??= this.#ask().finally(() => this.#asked = null);
    const late = new Promise<boolean>((resolve) =>
      setTimeout(() => resolve(false), ANSWER_MS)
    );
    const answered = this.#asked.then(() => true, () => false);
    return await Promise.race([answered, late]);
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
