import { delay } from "@std/async";
import { ANYWIDGET_STATE, PROTOCOL_VERSION } from "./any_model.ts";
import { Comm, inKernel, type JsonObject } from "./comm.ts";
import { Heartbeat } from "./heartbeat.ts";
import { linkedEsm } from "./linked_esm.ts";
import { patchBetween } from "./list_patch.ts";
import { BEAT, MODEL_ID, type WidgetMessage } from "./protocol.ts";
import { type TraitChange, type TraitChecks, Traits } from "./traits.ts";
import { GoneError, RefusedError, registry } from "./uplink.ts";
import { Views } from "./views.ts";

/** What a widget is made from. */
export interface WidgetDefinition<T extends object> {
  /** The front end: the source of one ES module whose default export is an
   * anywidget, `{ render }`. It cannot import other files. */
  esm: string;
  /** The style sheet of the front end. */
  css?: string;
  /** Names this kind of widget in the page, as in "counter". */
  id: string;
  /** Every trait with its first value. Values are JSON. */
  traits: T;
  /** What checks the values of traits that are set later. */
  checks?: TraitChecks<T>;
  /**
   * Traits that are lists sliding over something that grows, like the last
   * lines of a log. A change of a long one is sent as `<trait>_patch`, a
   * {@linkcode ListPatch} with a running number, in place of the whole list:
   * the front end has to apply it.
   */
  sliding?: readonly (keyof T & string)[];
  /** The traits that a page may set; the rest is the kernel's. Default: none. */
  writable?: readonly (keyof T & string)[];
  /**
   * Whether the widget says every 5 s that it is live when it has nothing else
   * to tell, so that its views can tell silence from a kernel that is gone.
   * Default: false.
   */
  heartbeat?: boolean;
}

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

/** What a cell shows for a value: MIME types and their data. */
export type MediaBundle = Record<string, string | JsonObject>;

/** The method that the Deno kernel asks for what to show. */
export const $display: unique symbol = Symbol.for("Jupyter.display");
const $inspect: unique symbol = Symbol.for("Deno.customInspect");

const VIEW_MIME = "application/vnd.jupyter.widget-view+json";

/**
 * Lists of this many items or fewer are sent whole: they cost little, and a
 * program that knows nothing of patches, like nbconvert, has them right.
 */
const SHORT_LIST = 32;

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
  readonly #listeners = new Map<string, Set<unknown>>();
  readonly #views = new Views();
  readonly #heartbeat = new Heartbeat(() => this.#beat());
  /** The values that the front end has. */
  #sent: T;
  #patches = 0;
  /** The traits of which a page may have other values than were sent. */
  #unsure = new Set<string>();
  #beats = 0;
  #flushScheduled = false;
  #closed = false;

  /**
   * Makes a widget that the front end does not know of yet.
   *
   * @throws {TypeError} when a trait is not JSON.
   */
  constructor(definition: WidgetDefinition<T>) {
    this.#definition = definition;
    this.#traits = new Traits(definition.traits, definition.checks);
    this.#sent = this.#traits.all();
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
    this.#scheduleFlush();
    for (const change of changes) {
      this.#notify(`change:${String(change.trait)}`, change);
    }
    this.#notify("change", changes);
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
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event)?.add(listener);
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
    if (listener === undefined) this.#listeners.delete(event);
    else this.#listeners.get(event)?.delete(listener);
  }

  /** Sends a message to all views: JSON, for their `"msg:custom"`. */
  send(content: unknown): void {
    this.#flush();
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
        return this.#hand(message.content);
      case "views": {
        const before = this.views;
        this.#views.set(message.page, message.views);
        this.#viewsChanged(before);
        if (message.resync) this.#resync();
        else this.#beat();
      }
    }
  }

  /** A page was left, and its views with it. */
  forgetPage(page: string): void {
    const before = this.views;
    this.#views.set(page, 0);
    this.#viewsChanged(before);
  }

  /** Everything that a page needs to make a model of the widget. */
  modelState(): JsonObject {
    const { esm, css, id, heartbeat } = this.#definition;
    // What is sent from here on builds on what was sent before.
    this.#flush();
    return {
      ...ANYWIDGET_STATE,
      _anywidget_id: id,
      _esm: linkedEsm(esm),
      _css: css ?? "",
      [MODEL_ID]: this.modelId,
      ...heartbeat ? { [BEAT]: this.#beats } : {},
      ...this.#traits.all(),
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
    this.#flush();
    this.#closed = true;
    this.#comm.close();
    this.#heartbeat.stop();
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
    return {
      ...bundle,
      [VIEW_MIME]: {
        version_major: 2,
        version_minor: 1,
        model_id: this.#comm.id,
      },
    };
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
    if (this.#comm.isOpen) return;
    registry().add(this.modelId, this);
    this.#sent = this.#traits.all();
    this.#comm.open({ state: this.modelState(), buffer_paths: [] }, {
      version: PROTOCOL_VERSION,
    });
    this.#keepBeating();
  }

  /** Without a view there is nobody to prove anything to; but pages that cannot
   * tell of their views may have some. */
  #keepBeating(): void {
    const watched = this.views > 0 || !this.#views.told;
    const beats = this.#definition.heartbeat && this.#comm.isOpen && inKernel();
    if (watched && beats) this.#heartbeat.start();
    else this.#heartbeat.stop();
  }

  #viewsChanged(before: number): void {
    this.#keepBeating();
    if (before !== this.views) this.onViews(this.views);
  }

  #beat(): boolean {
    if (!this.#definition.heartbeat || !this.isCurrent()) return false;
    this.#send({ [BEAT]: ++this.#beats });
    return true;
  }

  #updateFromPage(state: JsonObject): void {
    const traits = Object.keys(state);
    // Whatever comes of it, all pages get what the kernel has in the end: other
    // views the new value, this one the old if it is refused.
    for (const trait of traits) {
      if (Object.hasOwn(this.#sent, trait)) this.#unsure.add(trait);
    }
    this.#scheduleFlush();
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

  #scheduleFlush(): void {
    if (this.#flushScheduled || !this.#comm.isOpen) return;
    this.#flushScheduled = true;
    // Not a timer: timers stop ticking when a user's timer throws.
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushScheduled = false;
    if (!this.#comm.isOpen) return;
    const state = this.#shorten(this.#traits.differences(this.#sent));
    this.#sent = this.#traits.all();
    for (const trait of this.#unsure) {
      state[trait] = this.#sent[trait as keyof T];
    }
    this.#unsure.clear();
    if (Object.keys(state).length > 0) this.#send(state);
  }

  /** A page may have missed anything. */
  #resync(): void {
    this.#flush();
    this.#send(this.#traits.all() as JsonObject);
  }

  #send(state: JsonObject): void {
    this.#heartbeat.sent();
    this.#comm.send({ method: "update", state, buffer_paths: [] });
  }

  /** Puts patches in place of long lists. */
  #shorten(differences: Partial<T>): JsonObject {
    const state: JsonObject = { ...differences };
    for (const trait of this.#definition.sliding ?? []) {
      const list = state[trait];
      if (!Array.isArray(list) || list.length <= SHORT_LIST) continue;
      const patch = patchBetween(this.#sent[trait] as readonly unknown[], list);
      if (patch.keep === 0) continue;
      delete state[trait];
      // The number makes each patch differ from the one before, which the
      // page's model would otherwise take for no change.
      state[`${trait}_patch`] = { number: ++this.#patches, ...patch };
    }
    return state;
  }

  #hand(content: unknown): void {
    for (const listener of [...this.#listeners.get("msg:custom") ?? []]) {
      (listener as MessageListener)(content);
    }
  }

  #notify(event: string, detail: unknown): void {
    // A copy, as a listener may add and remove listeners.
    for (const listener of [...this.#listeners.get(event) ?? []]) {
      try {
        (listener as (detail: unknown) => void)(detail);
      } catch (error) {
        console.error(`A listener of '${event}' failed:`, error);
      }
    }
  }
}

/** How long a display is given to leave the kernel, in milliseconds. */
const DISPLAY_MS = 5;

async function show(bundle: MediaBundle): Promise<void> {
  if (!inKernel()) return console.log(bundle["text/plain"]);
  await Deno.jupyter.display(bundle, { raw: true });
  // What a cell sends in its last moment can come after the news of its end,
  // when nbconvert and papermill listen no more.
  await delay(DISPLAY_MS);
}
