import { delay } from "@std/async";
import { Comm, inKernel, type JsonObject } from "./comm.ts";
import { patchBetween } from "./list_patch.ts";
import { type TraitChange, type TraitChecks, Traits } from "./traits.ts";

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
}

/** Called with one change, for `"change:trait"`. */
export type TraitListener<T extends object, K extends keyof T> = (
  change: TraitChange<T, K>,
) => void;

/** Called with all that changed at once, for `"change"`. */
export type ChangeListener<T extends object> = (
  changes: readonly TraitChange<T>[],
) => void;

/** What a cell shows for a value: MIME types and their data. */
export type MediaBundle = Record<string, string | JsonObject>;

/** The method that the Deno kernel asks for what to show. */
export const $display: unique symbol = Symbol.for("Jupyter.display");
const $inspect: unique symbol = Symbol.for("Deno.customInspect");

const VIEW_MIME = "application/vnd.jupyter.widget-view+json";

/** The version of the widget messaging protocol, major.minor.patch. */
const PROTOCOL_VERSION = "2.1.0";

/**
 * Which anywidget the page must have, as a semver range. "0" stands for every
 * 0.x: their model and view protocol is the same. It is also what VS Code and
 * Colab put into the address of a CDN, where it resolves to the newest 0.x.
 */
const FRONT_END_VERSION = "0";

/**
 * Lists of this many items or fewer are sent whole: they cost little, and a
 * program that knows nothing of patches, like nbconvert, has them right.
 */
const SHORT_LIST = 32;

/** The page holds on to what it shows, so the kernel must, too. */
const displayed = new Set<object>();

/**
 * A Jupyter widget whose front end is an [anywidget](https://anywidget.dev)
 * module: named values, called traits, that the page follows live.
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
 *     const show = () => el.textContent = model.get("count");
 *     model.on("change:count", show);
 *     show();
 *   } }`,
 *   traits: { count: 0 },
 * });
 * counter.set("count", 1);
 * ```
 */
export class AnyWidget<T extends object> {
  readonly #comm = new Comm("jupyter.widget");
  readonly #definition: WidgetDefinition<T>;
  readonly #traits: Traits<T>;
  readonly #listeners = new Map<string, Set<unknown>>();
  /** The values that the front end has. */
  #sent: T;
  #patches = 0;
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
  off(event: string, listener?: unknown): void {
    if (listener === undefined) this.#listeners.delete(event);
    else this.#listeners.get(event)?.delete(listener);
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
    displayed.delete(this);
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

  #open(): void {
    if (this.#comm.isOpen) return;
    const { esm, css, id } = this.#definition;
    displayed.add(this);
    this.#sent = this.#traits.all();
    const state = {
      _model_module: "anywidget",
      _model_module_version: FRONT_END_VERSION,
      _model_name: "AnyModel",
      _view_module: "anywidget",
      _view_module_version: FRONT_END_VERSION,
      _view_name: "AnyView",
      _view_count: null,
      _anywidget_id: id,
      _esm: esm,
      _css: css ?? "",
      ...this.#sent,
    };
    this.#comm.open({ state, buffer_paths: [] }, { version: PROTOCOL_VERSION });
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
    const differences = this.#traits.differences(this.#sent);
    if (Object.keys(differences).length === 0) return;
    const state = this.#shorten(differences);
    this.#sent = this.#traits.all();
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
