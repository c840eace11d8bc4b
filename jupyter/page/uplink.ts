import type { AnyModel } from "anywidget/types";
import { type JsonObject, MODEL_ID } from "../protocol.ts";
import { Channel, UplinkError } from "./channel.ts";
import { thisPage, type WidgetManager } from "./page.ts";
import { Pulse } from "./connection_monitor.ts";

/**
 * What a view knows of its widget in the kernel.
 *
 * - `"ready"`: what it shows is current, and what it sends arrives.
 * - `"busy"`: a cell runs; updates stopped and resume by themselves.
 * - `"stale"`: updates stopped, and the kernel does not say why.
 * - `"offline"`: the page is not connected to the kernel.
 * - `"gone"`: the kernel was restarted or the widget closed, for good.
 * - `"unavailable"`: this place has no way to a kernel.
 */
export type UplinkState =
  | "ready"
  | "busy"
  | "stale"
  | "offline"
  | "gone"
  | "unavailable";

/**
 * A widget's line to the kernel, one for all views of a model. A widget's front
 * end gets it as `uplink`, beside `model`.
 */
export class Uplink {
  readonly #channel: Channel;
  readonly #id: string;
  readonly #pulse: Pulse;
  readonly #end = new AbortController();
  #views = 0;
  #viewsTold = 0;
  #missed = false;
  #changes: JsonObject = {};

  constructor(model: AnyModel) {
    this.#id = model.get(MODEL_ID);
    // What anywidget shows of the manager is less than there is.
    const manager = model.widget_manager as WidgetManager;
    this.#channel = Channel.of(manager);
    this.#missed = thisPage().adopted.delete(this.#id);
    const { signal } = this.#end;
    const catchUp = () => this.#catchUp();
    this.#channel.addEventListener("connected", catchUp, { signal });
    const ask = () => this.#tellViews(true);
    this.#pulse = new Pulse(model, this.#channel, ask, signal);
  }

  /** Whether there is a way to the kernel at all. */
  get available(): boolean {
    return this.#channel.kernel !== null;
  }

  /** What is known of the widget in the kernel. */
  get state(): UplinkState {
    const { state } = this.#pulse;
    return this.available || state !== "ready" ? state : "unavailable";
  }

  /** When the kernel was last heard of, in epoch milliseconds; null when what
   * the view shows is all that it ever had, as in a saved notebook. */
  get heardAt(): number | null {
    return this.#pulse.heardAt;
  }

  /** Calls back when the state changes, until the signal aborts. */
  watch(listener: () => void, signal: AbortSignal): void {
    this.#pulse.addEventListener("state", listener, { signal });
  }

  /**
   * Sets traits in the kernel. Those that wait are sent together.
   *
   * @throws {UplinkError} when the kernel refuses.
   */
  update(state: JsonObject): Promise<void> {
    Object.assign(this.#changes, state);
    return this.#send(() => {
      const changes = this.#changes;
      this.#changes = {};
      if (Object.keys(changes).length === 0) return null;
      return { method: "update", state: changes, to: this.#id };
    });
  }

  /**
   * Sends a message to the kernel's listeners of `"msg:custom"`: JSON.
   *
   * @throws {UplinkError} when the kernel refuses.
   */
  custom(content: unknown): Promise<void> {
    return this.#send(() => ({ method: "custom", content, to: this.#id }));
  }

  /** Changes the model in the page alone, which is no sign of the kernel. */
  changeHere(change: () => void): void {
    this.#pulse.deaf = true;
    change();
    this.#pulse.deaf = false;
  }

  /** The page gives up the model. */
  close(): void {
    this.#end.abort();
  }

  /** Counts a view, until the returned function is called. */
  viewShown(): () => void {
    this.#count(1);
    return () => this.#count(-1);
  }

  #count(change: number): void {
    this.#views += change;
    this.#pulse.watched = this.#views > 0;
    // Nothing is lost: the pulse notices what is wrong.
    if (this.#reachable) this.#tellViews().catch(() => {});
  }

  /** Gets what was not heard while there was no connection. */
  #catchUp(): void {
    this.#missed = true;
    if (this.#reachable) this.#tellViews(true).catch(() => {});
  }

  get #reachable(): boolean {
    return this.available && this.state !== "gone";
  }

  #tellViews(anyhow = false): Promise<void> {
    return this.#send(() => {
      if (!anyhow && this.#viewsTold === this.#views) return null;
      this.#viewsTold = this.#views;
      const resync = this.#missed;
      this.#missed = false;
      const { id: page } = thisPage();
      const views = this.#views;
      return { method: "views", page, views, resync, to: this.#id };
    });
  }

  async #send(compose: Parameters<Channel["send"]>[0]): Promise<void> {
    try {
      await this.#channel.send(compose);
    } catch (error) {
      if (error instanceof UplinkError && error.gone) this.#pulse.end();
      throw error;
    }
  }
}
