import { publishViewsInTime } from "./cell_value.ts";
import { Comm } from "./comm.ts";
import type { WidgetDefinition } from "./definition.ts";
import { $display, type MediaBundle, show, viewBundle } from "./display.ts";
import { Listeners } from "./listeners.ts";
import {
  ANYWIDGET_STATE,
  PROTOCOL_VERSION,
  wrapModule,
} from "./model_state.ts";
import { Outbox } from "./outbox.ts";
import { type JsonObject, MODEL_ID, type WidgetMessage } from "./protocol.ts";
import {
  GoneError,
  type PageReceiver,
  RefusedError,
  registry,
} from "./registry.ts";
import { type TraitChange, TraitStore } from "./trait_store.ts";

const $inspect: unique symbol = Symbol.for("Deno.customInspect");

// Here, as the value of a cell may be an object that creates its widget when it
// is displayed.
publishViewsInTime();

/**
 * A Jupyter widget whose front end is an [anywidget](https://anywidget.dev)
 * module: named values, called traits, that the kernel and its pages share.
 *
 * It works in both directions, although the Deno kernel drops the messages of
 * pages: a view's `model.set` followed by `model.save_changes()` sets the
 * `writable` traits, and its `model.send` reaches the listeners of
 * `"msg:custom"`. The front end gets an `uplink` beside `model`, which reports
 * whether the kernel can be reached: it cannot in a saved notebook, for example.
 *
 * Pages create the widget when it is first displayed. From then on, all traits
 * that change before the next `await` or the end of the running code are sent in
 * one message. Setting a trait to an equal value sends nothing. Outside a Deno
 * kernel a widget works the same way, but is not shown.
 *
 * A widget that was displayed lives until it is closed.
 *
 * @example A counter
 * ```ts
 * import { AnyWidget } from "@process-widget/process-widget/anywidget";
 *
 * const counter = new AnyWidget({
 *   id: "counter",
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement("button");
 *     const show = () => button.textContent = model.get("count");
 *     button.onclick = () => {
 *       model.set("count", model.get("count") + 1);
 *       model.save_changes();
 *     };
 *     model.on("change:count", show);
 *     show();
 *     el.append(button);
 *   } }`,
 *   traits: { count: 0 },
 *   writable: ["count"],
 * });
 * counter.on("change:count", ({ value }) => console.log(value));
 * ```
 */
export class AnyWidget<T extends object> {
  readonly #comm = new Comm("jupyter.widget");
  readonly #definition: WidgetDefinition<T>;
  readonly #traits: TraitStore<T>;
  readonly #outbox: Outbox<T>;
  readonly #listeners = new Listeners();
  readonly #views = new ViewCounts();
  readonly #receiver: PageReceiver = {
    countViews: () => this.views,
    modelState: () => this.#modelState(),
    resync: () => this.#outbox.resync(),
    receive: (message) => this.#receive(message),
    forgetPage: (page) => this.#setViews(page, 0),
  };
  #closed = false;

  /**
   * Creates a widget; pages get it when it is first displayed.
   *
   * @throws {TypeError} If a trait is not JSON.
   */
  constructor(definition: WidgetDefinition<T>) {
    this.#definition = definition;
    const { checks, sliding, heartbeat } = definition;
    this.#traits = new TraitStore(definition.traits, { checks, sliding });
    this.#outbox = new Outbox({
      comm: this.#comm,
      traits: this.#traits,
      isCurrent: heartbeat === true ? () => true : heartbeat || undefined,
    });
  }

  /** The id of the widget's model in the page. */
  get modelId(): string {
    return this.#comm.id;
  }

  /** Whether the widget was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The number of views that pages have reported. */
  get views(): number {
    return this.#views.total;
  }

  /**
   * Returns the value of a trait. Lists and objects are frozen: to change them,
   * set a new value.
   *
   * @throws {TypeError} If the trait does not exist.
   */
  get<K extends keyof T & string>(trait: K): T[K] {
    return this.#traits.get(trait);
  }

  /** Returns all traits. Lists and objects are frozen. */
  all(): T {
    return this.#traits.all();
  }

  /**
   * Sets one trait.
   *
   * @throws {TypeError} If the trait does not exist or the value is not JSON.
   */
  set<K extends keyof T & string>(trait: K, value: T[K]): void {
    this.update({ [trait]: value } as unknown as Partial<T>);
  }

  /**
   * Sets several traits. If one value is invalid, no trait is set.
   *
   * @throws {TypeError} If a trait does not exist or a value is not JSON.
   */
  update(values: Partial<T>): void {
    const changes = this.#traits.update(values);
    if (changes.length === 0) return;
    this.#outbox.schedule();
    for (const change of changes) {
      this.#listeners.notify(`change:${String(change.trait)}`, change);
    }
    this.#listeners.notify("change", changes);
  }

  /**
   * Adds traits, in place of those of the same name. Nobody is notified: the
   * pages receive them with the next changes.
   *
   * @param sliding Which of them are sliding lists, as in the definition.
   * @throws {TypeError} If a value is not JSON; no trait is added then.
   */
  addTraits(
    values: Partial<T>,
    sliding?: WidgetDefinition<T>["sliding"],
  ): void {
    this.#traits.add(values, sliding);
    this.#outbox.schedule();
  }

  /** Removes traits, which become null in the pages. Those that do not exist are
   * ignored. */
  removeTraits(traits: readonly (keyof T & string)[]): void {
    this.#traits.remove(traits);
    this.#outbox.schedule();
  }

  /**
   * Calls `listener` after each change of a trait. An error that it throws is
   * printed and has no other effect.
   */
  on<K extends keyof T & string>(
    event: `change:${K}`,
    listener: (change: TraitChange<T, K>) => void,
  ): void;
  /** Calls `listener` with all traits that changed together. */
  on(
    event: "change",
    listener: (changes: readonly TraitChange<T>[]) => void,
  ): void;
  /** Calls `listener` with each message that a view sends with `model.send`. An
   * error that it throws refuses the message, and the view receives its text. */
  on(event: "msg:custom", listener: (content: unknown) => void): void;
  on(event: string, listener: unknown): void {
    this.#listeners.add(event, listener);
  }

  /** Removes a listener of a trait, or all of them. */
  off<K extends keyof T & string>(
    event: `change:${K}`,
    listener?: (change: TraitChange<T, K>) => void,
  ): void;
  /** Removes a listener of changes, or all of them. */
  off(
    event: "change",
    listener?: (changes: readonly TraitChange<T>[]) => void,
  ): void;
  /** Removes a listener of messages, or all of them. */
  off(event: "msg:custom", listener?: (content: unknown) => void): void;
  off(event: string, listener?: unknown): void {
    this.#listeners.remove(event, listener);
  }

  /** Sends a JSON message to all views, for their `"msg:custom"` listeners. */
  send(content: unknown): void {
    this.#outbox.flush();
    this.#comm.send({ method: "custom", content });
  }

  /**
   * Displays a view of the widget below the running cell. Each call adds a view
   * of the same model. Outside a kernel it prints the widget's text.
   */
  async display(): Promise<void> {
    const bundle = await this[$display]();
    await show(bundle);
  }

  /** Closes the widget and removes its views. Its traits can still be read.
   * Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#outbox.flush();
    this.#closed = true;
    this.#outbox.heartbeats = false;
    this.#comm.close();
    registry().remove(this.modelId);
  }

  /** Closes the widget. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Returns the output that shows the widget: a view of it for front ends with
   * widgets, text and HTML for the others, and only these once it is closed.
   *
   * The Deno kernel calls it for the value of a cell, as do `Deno.jupyter.display`
   * and `Deno.jupyter.format`. It sends no output itself, as each of them would
   * then add an empty one.
   */
  async [$display](): Promise<MediaBundle> {
    const { ready, fallback } = this.#definition;
    await ready?.();
    const bundle = fallback?.(this.all()) ?? { "text/plain": this.toString() };
    if (this.#closed) return bundle;
    this.#open();
    return { ...bundle, ...viewBundle(this.modelId) };
  }

  /** Returns the text that `console.log` prints for the widget. */
  [$inspect](): string {
    return this.toString();
  }

  /** Returns the widget as one line of text. */
  toString(): string {
    return `${this.constructor.name} ${JSON.stringify(this.#traits.all())}`;
  }

  #open(): void {
    if (this.#comm.isOpen) {
      // The page may have been opened after the comm, and have no model.
      if (this.#views.everReported) registry().restore();
      return;
    }
    registry().add(this.modelId, this.#receiver);
    this.#comm.open({ state: this.#modelState(), buffer_paths: [] }, {
      version: PROTOCOL_VERSION,
    });
    this.#updateHeartbeats();
  }

  #modelState(): JsonObject {
    const { esm, css, id } = this.#definition;
    return {
      ...ANYWIDGET_STATE,
      _anywidget_id: id,
      _esm: wrapModule(esm),
      _css: css ?? "",
      [MODEL_ID]: this.modelId,
      ...this.#outbox.initialState(),
    };
  }

  /**
   * Handles a message from a page.
   *
   * @throws {GoneError} If the widget is closed.
   * @throws {Error} If the message is refused; then no trait was set.
   */
  #receive(message: WidgetMessage): void {
    if (this.#closed) throw new GoneError("The widget is closed");
    switch (message.method) {
      case "update":
        return this.#updateFromPage(message.state);
      case "custom":
        return this.#listeners.notifyOrThrow("msg:custom", message.content);
      case "views":
        this.#setViews(message.page, message.views);
        if (message.resync) this.#outbox.resync();
        else this.#outbox.sendHeartbeat();
    }
  }

  #updateFromPage(state: JsonObject): void {
    const traits = Object.keys(state);
    this.#outbox.markStale(traits);
    const writable: readonly string[] = this.#definition.writable ?? [];
    const refused = traits.filter((trait) => !writable.includes(trait));
    if (refused.length > 0) {
      throw new RefusedError(
        `Cannot set '${
          refused.join("', '")
        }' from the page as it is not writable: ${
          writable.length > 0 ? `set ${writable.join(", ")}` : "no trait is"
        }`,
      );
    }
    this.update(state as Partial<T>);
  }

  #setViews(page: string, views: number): void {
    const before = this.views;
    this.#views.set(page, views);
    this.#updateHeartbeats();
    if (before !== this.views) this.#definition.onViewsChange?.(this.views);
  }

  /** Sends heartbeats while there are views. Pages without an uplink cannot
   * report theirs, so there may be some until the first report. */
  #updateHeartbeats(): void {
    this.#outbox.heartbeats = this.views > 0 || !this.#views.everReported;
  }
}

/** The number of views of a widget by page. */
class ViewCounts {
  readonly #byPage = new Map<string, number>();
  #everReported = false;

  /** The number of views in all pages. */
  get total(): number {
    return this.#byPage.values().reduce((sum, views) => sum + views, 0);
  }

  /** Whether a page has ever reported a view. */
  get everReported(): boolean {
    return this.#everReported;
  }

  /** Sets the number of views of a page. */
  set(page: string, views: number): void {
    if (views > 0) {
      this.#everReported = true;
      this.#byPage.set(page, views);
    } else this.#byPage.delete(page);
  }
}
