import type { AnyModel } from "anywidget/types";
import { HEARTBEAT, HEARTBEAT_MS } from "../protocol.ts";
import type { Channel } from "./channel.ts";
import { onDisconnect } from "./jupyterlab.ts";

/**
 * The state of the connection between a view and its widget in the kernel.
 *
 * - `"ready"`: the view is current, and what it sends arrives.
 * - `"busy"`: the kernel is running a cell; updates resume afterwards.
 * - `"stale"`: updates stopped for an unknown reason.
 * - `"offline"`: the page is not connected to the kernel.
 * - `"gone"`: the kernel was restarted or the widget closed, for good.
 */
export type ConnectionState = "ready" | "busy" | "stale" | "offline" | "gone";

/** The shortest silence that is checked, in milliseconds. */
const MIN_TIMEOUT_MS = 700;

/** How late a heartbeat may be, in milliseconds. */
const MAX_DELAY_MS = 1000;

/** The number of recent intervals between updates that set the timeout. */
const RECENT_INTERVALS = 3;

/** How long an idle kernel has to reply, in milliseconds. */
const REPLY_MS = 2000;

/** How long the kernel must run code to count as busy, in milliseconds. The
 * requests of other widgets take less. */
const BUSY_MS = 250;

/** How long an update may take to follow the reply, in milliseconds. */
const UPDATE_MS = 1000;

/** Options of {@linkcode ConnectionMonitor}. */
export interface ConnectionMonitorOptions {
  /** The channel to the kernel. */
  readonly channel: Channel;
  /** Requests a sign of life from the kernel. Any request also resumes an event
   * loop that has stalled. */
  readonly ping: () => Promise<void>;
  /** Aborts when the page removes the model. */
  readonly signal: AbortSignal;
}

/**
 * Detects that the updates of a model have stopped, and finds out why.
 *
 * A widget that sends an update every second is checked after about two seconds
 * of silence, one that sends only heartbeats when its next one is late. A check
 * pings the kernel. Emits "state" when the state changes.
 */
export class ConnectionMonitor extends EventTarget {
  readonly #channel: Channel;
  readonly #ping: () => Promise<void>;
  readonly #hasHeartbeat: boolean;
  #state: ConnectionState = "ready";
  #updatedAt: number | null = null;
  #lastUpdate = performance.now();
  #intervals: number[] = [HEARTBEAT_MS];
  #isHeartbeat = false;
  #ignoring = false;
  #watched = false;
  #checking = false;
  #pending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts monitoring the updates of a model. */
  constructor(
    model: AnyModel,
    { channel, ping, signal }: ConnectionMonitorOptions,
  ) {
    super();
    this.#channel = channel;
    this.#ping = ping;
    this.#hasHeartbeat = model.get(HEARTBEAT) !== undefined;
    model.on(`change:${HEARTBEAT}`, () => this.#isHeartbeat = true);
    model.on("change", () => {
      if (!this.#ignoring) this.#updated();
    });
    onDisconnect(model, () => this.end());
    const options = { signal };
    const offline = () => this.#set("offline");
    channel.addEventListener("end", () => this.end(), options);
    channel.addEventListener("disconnected", offline, options);
    channel.addEventListener("connected", () => this.#check(), options);
    signal.addEventListener("abort", () => this.end());
  }

  /** The state of the connection. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** The time of the latest update, in epoch milliseconds; null before it. */
  get updatedAt(): number | null {
    return this.#updatedAt;
  }

  /** Whether there is a view to monitor the connection for. */
  set watched(watched: boolean) {
    this.#watched = watched;
    this.#schedule();
  }

  /** Makes changes that do not count as updates from the kernel. */
  ignoreChanges(change: () => void): void {
    this.#ignoring = true;
    try {
      change();
    } finally {
      this.#ignoring = false;
    }
  }

  /** Ends the connection for good. */
  end(): void {
    this.#set("gone");
    clearTimeout(this.#timer);
  }

  #updated(): void {
    const now = performance.now();
    // After a heartbeat, the next message is expected to be one, too.
    if (this.#isHeartbeat) this.#intervals = [HEARTBEAT_MS];
    else {
      this.#intervals = [...this.#intervals, now - this.#lastUpdate]
        .slice(-RECENT_INTERVALS);
    }
    this.#isHeartbeat = false;
    this.#lastUpdate = now;
    this.#updatedAt = Date.now();
    this.#channel.recordUpdate();
    this.#set("ready");
    this.#schedule();
  }

  #set(state: ConnectionState): void {
    if (this.#state === state || this.#state === "gone") return;
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }

  /** Schedules a check for when the next message is overdue. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#hasHeartbeat || !this.#watched || this.#state === "gone") return;
    const expected = 2.2 * Math.max(...this.#intervals);
    const timeout = Math.min(
      Math.max(expected, MIN_TIMEOUT_MS),
      HEARTBEAT_MS + MAX_DELAY_MS,
    );
    this.#timer = setTimeout(() => this.#check(), timeout);
  }

  /** Finds out why there are no updates, until there is one. */
  async #check(): Promise<void> {
    if (this.#checking) return;
    // A kernel that cannot be reached cannot be pinged.
    if (!this.#channel.available) return this.#set("stale");
    this.#checking = true;
    const since = performance.now();
    const isSilent = () => this.#lastUpdate < since && this.#state !== "gone";
    while (isSilent()) {
      if (!this.#channel.connected) this.#set("offline");
      else if (!this.#channel.available) this.#set("stale");
      else if (this.#channel.busy) {
        await this.#nextEvent(BUSY_MS);
        if (!this.#channel.busy) continue;
        if (isSilent()) this.#set("busy");
      } else {
        const replied = await this.#hasReplied();
        // Without heartbeats, a reply is the only sign of life.
        if (replied && !this.#hasHeartbeat) this.#updated();
        if (replied && isSilent()) await this.#nextEvent(UPDATE_MS);
        if (isSilent() && !this.#channel.busy) {
          this.#set(replied || navigator.onLine ? "stale" : "offline");
        }
      }
      if (isSilent()) await this.#nextEvent(REPLY_MS);
    }
    this.#checking = false;
    this.#schedule();
  }

  /** Pings the kernel and returns whether it replied in time. */
  async #hasReplied(): Promise<boolean> {
    // A second ping would only wait behind the first.
    this.#pending ??= this.#ping().finally(() => this.#pending = null);
    const timeout = new Promise<boolean>((resolve) =>
      setTimeout(() => resolve(false), REPLY_MS)
    );
    const replied = this.#pending.then(() => true, () => false);
    return await Promise.race([replied, timeout]);
  }

  /** Resolves at the next change of a state, or after `ms` milliseconds. */
  #nextEvent(ms: number): Promise<void> {
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
