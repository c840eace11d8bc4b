import type { AnyModel } from "anywidget/types";
import { type JsonObject, MODEL_ID } from "../protocol.ts";
import { Channel, UplinkError } from "./channel.ts";
import {
  ConnectionMonitor,
  type ConnectionState,
} from "./connection_monitor.ts";
import { thisPage, type WidgetManager } from "./page.ts";
import { PendingChanges } from "./pending_changes.ts";
import { RateLimit } from "./rate_limit.ts";

/** The state of a view's connection, or `"unavailable"` where the kernel cannot be
 * reached: there is none, as in a saved notebook, or the host passes on updates
 * but no requests. */
export type UplinkState = ConnectionState | "unavailable";

/** The connection of a model to its widget in the kernel. A front end gets it as
 * `uplink` beside `model`. */
export interface Uplink {
  /** Whether the kernel can be reached from this page. */
  readonly available: boolean;
  /** The state of the connection. */
  readonly state: UplinkState;
  /** The time of the latest update from the kernel, in epoch milliseconds; null
   * if there was none since the model was created. */
  readonly heardAt: number | null;
  /**
   * Requests all traits from the kernel, as the page has missed updates. Where
   * that happens again and again, most calls have no effect, so that requests
   * become rare.
   */
  resync(): void;
  /** Calls `listener` when the state changes, until `signal` aborts. */
  watch(listener: () => void, signal: AbortSignal): void;
}

/**
 * The model that a front end gets: its changes and messages reach a Deno kernel.
 *
 * The promises resolve when the kernel has accepted them and reject with the
 * kernel's reason. A rejection that is not handled is only logged. Where the
 * kernel cannot be reached, the model's own methods are called instead, and the
 * promises resolve at once.
 */
export interface UplinkModel<T extends object = Record<string, unknown>>
  extends AnyModel<T> {
  /** Sends the traits that were set since the last call. */
  save_changes(): Promise<void>;
  /** Sends a JSON message to the kernel's listeners of `"msg:custom"`. */
  send(
    content: unknown,
    callbacks?: unknown,
    buffers?: ArrayBuffer[],
  ): Promise<void>;
}

/** The uplink of one model, shared by all its views. */
export class ModelUplink implements Uplink {
  readonly #model: AnyModel;
  readonly #id: string;
  readonly #channel: Channel;
  readonly #monitor: ConnectionMonitor;
  readonly #pending: PendingChanges;
  readonly #end = new AbortController();
  readonly #resyncLimit = new RateLimit();
  #resyncTimer: ReturnType<typeof setTimeout> | undefined;
  #views = 0;
  #reportedViews = 0;
  /** Whether the page may have missed updates. */
  #missedUpdates: boolean;
  /** Traits that are waiting to be sent; `sent` settles with the kernel's reply. */
  #unsent:
    | { readonly traits: JsonObject; readonly sent: Promise<void> }
    | null = null;

  /** Connects a model. */
  constructor(model: AnyModel) {
    this.#model = model;
    this.#pending = new PendingChanges(model);
    this.#id = model.get(MODEL_ID);
    // anywidget's type of the manager omits the kernel.
    const manager = model.widget_manager as WidgetManager;
    this.#channel = Channel.of(manager);
    this.#missedUpdates = thisPage().restored.delete(this.#id);
    const { signal } = this.#end;
    for (const event of ["connected", "availability"]) {
      const requestAll = () => this.#requestAll();
      this.#channel.addEventListener(event, requestAll, { signal });
    }
    this.#monitor = new ConnectionMonitor(model, {
      channel: this.#channel,
      ping: () => this.#reportViews(true),
      signal,
    });
  }

  get available(): boolean {
    return this.#channel.available;
  }

  get state(): UplinkState {
    const { state } = this.#monitor;
    return this.available || state !== "ready" ? state : "unavailable";
  }

  get heardAt(): number | null {
    return this.#monitor.updatedAt;
  }

  resync(): void {
    this.#resyncTimer ??= setTimeout(() => {
      this.#resyncTimer = undefined;
      this.#requestAll();
    }, this.#resyncLimit.plan(performance.now()));
  }

  watch(listener: () => void, signal: AbortSignal): void {
    this.#monitor.addEventListener("state", listener, { signal });
    this.#channel.addEventListener("availability", listener, { signal });
  }

  /** Returns the model for one view, which saves only what that view sets. */
  wrapModel(): UplinkModel {
    const model = this.#model;
    let changes: JsonObject = {};
    return {
      ...model,
      set: (trait: string | JsonObject, value?: unknown) => {
        const traits = typeof trait === "string" ? { [trait]: value } : trait;
        for (const [name, value] of Object.entries(traits)) {
          this.#monitor.ignoreChanges(() => this.#pending.set(name, value));
          changes[name] = value;
        }
      },
      save_changes: () => {
        if (!this.available) {
          model.save_changes();
          return Promise.resolve();
        }
        const traits = changes;
        changes = {};
        return logged(this.#update(traits));
      },
      send: (content, callbacks, buffers) => {
        if (!this.available) {
          model.send(content, callbacks, buffers);
          return Promise.resolve();
        }
        const message = { method: "custom", content, to: this.#id } as const;
        return logged(this.#send(() => message));
      },
    };
  }

  /** Adds a view until the returned function is called. */
  addView(): () => void {
    this.#changeViews(1);
    return () => this.#changeViews(-1);
  }

  /** Disconnects the model, which the page has removed. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#resyncTimer);
  }

  /** Sends traits, together with those that wait already. */
  #update(traits: JsonObject): Promise<void> {
    if (Object.keys(traits).length === 0) return Promise.resolve();
    this.#pending.add(traits);
    if (this.#unsent) {
      Object.assign(this.#unsent.traits, traits);
      return this.#unsent.sent;
    }
    const state = { ...traits };
    const sent = this.#send(() => {
      this.#unsent = null;
      return { method: "update", state, to: this.#id };
    });
    this.#unsent = { traits: state, sent };
    sent.then(
      () => this.#settle(state, true),
      () => this.#settle(state, false),
    );
    return sent;
  }

  /** Settles sent traits, except those that were set again meanwhile. */
  #settle(sent: JsonObject, accepted: boolean): void {
    const unsent = this.#unsent?.traits ?? {};
    const settled = Object.keys(sent).filter((trait) => !(trait in unsent));
    this.#monitor.ignoreChanges(() => this.#pending.settle(settled, accepted));
  }

  #changeViews(change: number): void {
    this.#views += change;
    this.#channel.countViews(change);
    this.#monitor.watched = this.#views > 0;
    // A failure needs no handling: the monitor detects what is wrong.
    if (this.#connectable) this.#reportViews().catch(() => {});
  }

  /** Gets the updates that the page has missed. */
  #requestAll(): void {
    this.#missedUpdates = true;
    if (this.#connectable) this.#reportViews(true).catch(() => {});
  }

  get #connectable(): boolean {
    return this.available && this.state !== "gone";
  }

  #reportViews(evenIfUnchanged = false): Promise<void> {
    return this.#send(() => {
      const changed = this.#reportedViews !== this.#views;
      if (!changed && !evenIfUnchanged) return null;
      this.#reportedViews = this.#views;
      const resync = this.#missedUpdates;
      this.#missedUpdates = false;
      const { id: page } = thisPage();
      const views = this.#views;
      return { method: "views", page, views, resync, to: this.#id };
    });
  }

  async #send(compose: Parameters<Channel["send"]>[0]): Promise<void> {
    try {
      await this.#channel.send(compose);
    } catch (error) {
      if (error instanceof UplinkError && error.gone) this.#monitor.end();
      throw error;
    }
  }
}

/** Logs a rejection, which also marks it as handled. */
function logged(sent: Promise<void>): Promise<void> {
  sent.catch((error) => console.warn(`[deno] ${error.message}`));
  return sent;
}
