import { ANYWIDGET_STATE, PROTOCOL_VERSION } from "./any_model.ts";
import { Comm, type JsonObject } from "./comm.ts";
import type { WidgetDefinition } from "./definition.ts";
import { $display, type MediaBundle, show, viewOf } from "./display.ts";
import { linkedEsm } from "./widget_module.ts";
import { Listeners } from "./listeners.ts";
import { Outbox } from "./outbox.ts";
import { MODEL_ID, type WidgetMessage } from "./protocol.ts";
import { type TraitChange, Traits } from "./trait_store.ts";
import { GoneError, RefusedError, registry } from "./registry.ts";
import { Views } from "./views.ts";

/** Called with one change, for `"change:trait"`. */
export type TraitListener<T extends object, K extends keyof T> = (
  change: TraitChange<T, K>,
) => void;

/** Called with all that changed at once, for `"change"`. */
export type ChangeListener<T extends object> = (
  changes: readonly TraitChange<T>[],
) => void;

/** Called with what a view has sent, for `"msg:custom"`. */
export type MessageListener = (content: unknown) => void;

const $inspect: unique symbol = Symbol.for("Deno.customInspect");

/**
 * A Jupyter widget whose front end is an [anywidget](https://anywidget.dev)
 * module: named values, called traits, that kernel and page share.
 *
 * It works both ways, which the Deno kernel alone does not: a view's
 * `model.set` with `model.save_changes()` reaches the traits that are
 * `writable`, and its `model.send` the listeners of `"msg:custom"`. See
 * {@linkcode Registry} for how. Where the kernel cannot be reached, as in a
 * saved notebook, the front end finds that out from the `uplink` that it gets
 * beside `model`.
 *
 * The front end learns of the widget when it is first displayed. From then on
 * all traits that change before the running code lets go (at its next `await`
 * or at its end) reach it in one message, and a trait that is set to an equal
 * value sends nothing. Outside a Deno kernel a widget works the same, only
 * that nobody sees it.
 *
 * A widget that was displayed lives until it is closed.
 *
 * @example A counter
 * ```ts
 * import { AnyWidget } from "./any_widget.ts";
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
  readonly #traits: Traits<T>;
  readonly #outbox: Outbox<T>;
  readonly #listeners = new Listeners();
  readonly #views = new Views();
  #closed = false;

  /**
   * Makes a widget that the front end does not know of yet.
   *
   * @throws {TypeError} when a trait is not JSON.
   */
  constructor(definition: WidgetDefinition<T>) {
    this.#definition = definition;
    this.#traits = new Traits(definition.traits, definition.checks);
    this.#outbox = new Outbox({
      comm: this.#comm,
      traits: this.#traits,
      sliding: definition.sliding,
      isCurrent: definition.heartbeat ? () => this.isCurrent() : undefined,
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

  /** How many views show the widget, as far as pages have told. */
  get views(): number {
    return this.#views.count;
  }

  /**
   * The value of a trait. Lists and objects are frozen: set a new one.
   *
   * @throws {TypeError} when there is no such trait.
   */
  get<K extends keyof T & string>(trait: K): T[K] {
    return this.#traits.get(trait);
  }

  /** All traits; lists and objects are frozen. */
  all(): T {
    return this.#traits.all();
  }

  /**
   * Sets one trait.
   *
   * @throws {TypeError} when there is no such trait, or the value is not JSON.
   */
  set<K extends keyof T & string>(trait: K, value: T[K]): void {
    this.update({ [trait]: value } as unknown as Partial<T>);
  }

  /**
   * Sets several traits, or none if one of the values is refused.
   *
   * @throws {TypeError} when there is no such trait, or a value is not JSON.
   */
  update(values: Partial<T>): void {
    const changes = this.#traits.update(values);
    if (changes.length === 0) return;
    this.#outbox.schedule();
    for (const change of changes) {
      this.#listeners.tell(`change:${String(change.trait)}`, change);
    }
    this.#listeners.tell("change", changes);
  }

  /**
   * Calls `listener` after each change of one trait. What it throws is printed,
   * and stops nothing.
   */
  on<K extends keyof T & string>(
    event: `change:${K}`,
    listener: TraitListener<T, K>,
  ): void;
  /** Calls `listener` with all that changed at once. */
  on(event: "change", listener: ChangeListener<T>): void;
  /** Calls `listener` with what views send by `model.send`. If it throws, the
   * view is told that its message was refused, and why. */
  on(event: "msg:custom", listener: MessageListener): void;
  on(event: string, listener: unknown): void {
    this.#listeners.add(event, listener);
  }

  /** Undoes an {@linkcode on} of one trait; without a listener, all of them. */
  off<K extends keyof T & string>(
    event: `change:${K}`,
    listener?: TraitListener<T, K>,
  ): void;
  /** Undoes an {@linkcode on} of any change. */
  off(event: "change", listener?: ChangeListener<T>): void;
  /** Undoes an {@linkcode on} of messages. */
  off(event: "msg:custom", listener?: MessageListener): void;
  off(event: string, listener?: unknown): void {
    this.#listeners.remove(event, listener);
  }

  /** Sends a message to all views: JSON, for their `"msg:custom"`. */
  send(content: unknown): void {
    this.#outbox.flush();
    this.#comm.send({ method: "custom", content });
  }

  /**
   * Takes in what a page says, as a Jupyter comm message has it in `data`.
   * Nobody needs to call it: the page's messages come here by themselves.
   *
   * @throws {Error} when the widget is closed, a trait may not be set by a page
   * or its check refuses the value; then nothing was set.
   */
  receive(message: WidgetMessage): void {
    if (this.#closed) throw new GoneError("The widget is closed");
    switch (message.method) {
      case "update":
        return this.#updateFromPage(message.state);
      case "custom":
        return this.#listeners.hand("msg:custom", message.content);
      case "views":
        this.#setViews(message.page, message.views);
        if (message.resync) this.#outbox.resync();
        else this.#outbox.beat();
    }
  }

  /** A page was left, and its views with it. */
  forgetPage(page: string): void {
    this.#setViews(page, 0);
  }

  /** Everything that a page needs to make a model of the widget. */
  modelState(): JsonObject {
    const { esm, css, id } = this.#definition;
    return {
      ...ANYWIDGET_STATE,
      _anywidget_id: id,
      _esm: linkedEsm(esm),
      _css: css ?? "",
      [MODEL_ID]: this.modelId,
      ...this.#outbox.begin(),
    };
  }

  /**
   * Shows a view of the widget below the running cell. Each call adds a view
   * of the same model. Outside a kernel it prints what the widget shows.
   */
  async display(): Promise<void> {
    const bundle = await this[$display]();
    await show(bundle);
  }

  /**
   * Takes the widget out of the page and stops what feeds it. A closed widget
   * keeps its values; closing it again does nothing.
   */
  close(): void {
    if (this.#closed) return;
    this.#outbox.flush();
    this.#closed = true;
    this.#outbox.watched = false;
    this.#comm.close();
    registry().remove(this.modelId);
  }

  /** Closes the widget. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** What the Deno kernel shows for the widget as the value of a cell. */
  async [$display](): Promise<MediaBundle> {
    await this.ready();
    const bundle = this.fallback();
    if (this.#closed) return bundle;
    this.#open();
    return { ...bundle, ...viewOf(this.modelId) };
  }

  /** What `console.log` shows for the widget. */
  [$inspect](): string {
    return this.toString();
  }

  /** The widget in one line of text. */
  toString(): string {
    return `${this.constructor.name} ${JSON.stringify(this.#traits.all())}`;
  }

  /** Resolves when there is something true to show; displaying waits for it. */
  protected ready(): Promise<void> {
    return Promise.resolve();
  }

  /** What places show that have no widgets, by MIME type. */
  protected fallback(): MediaBundle {
    return { "text/plain": this.toString() };
  }

  /** Called when there are more or fewer views than before. */
  protected onViews(_views: number): void {}

  /** Whether what the traits say is as true as it can be; a widget that is not
   * sure does not say that it lives. */
  protected isCurrent(): boolean {
    return true;
  }

  #open(): void {
    if (this.#comm.isOpen) {
      // The page that shows it may have come after the model was made.
      if (this.#views.told) registry().offer();
      return;
    }
    registry().add(this.modelId, this);
    this.#comm.open({ state: this.modelState(), buffer_paths: [] }, {
      version: PROTOCOL_VERSION,
    });
    this.#keepBeating();
  }

  #setViews(page: string, views: number): void {
    const before = this.views;
    this.#views.set(page, views);
    this.#keepBeating();
    if (before !== this.views) this.onViews(this.views);
  }

  /** Without a view there is nobody to prove anything to; but pages that cannot
   * tell of their views may have some. */
  #keepBeating(): void {
    this.#outbox.watched = this.views > 0 || !this.#views.told;
  }

  #updateFromPage(state: JsonObject): void {
    const traits = Object.keys(state);
    this.#outbox.doubt(traits);
    const writable: readonly string[] = this.#definition.writable ?? [];
    const refused = traits.filter((trait) => !writable.includes(trait));
    if (refused.length > 0) {
      throw new RefusedError(
        `Cannot set '${refused.join("', '")}' from the page: it may set ${
          writable.join(", ") || "no trait"
        }`,
      );
    }
    this.update(state as Partial<T>);
  }
}
