import { inKernel } from "./comm.ts";
import { PageLeases } from "./page_leases.ts";
import {
  decode,
  GONE,
  type JsonObject,
  type PageMessage,
  REGISTRY_KEY,
  type WidgetMessage,
} from "./protocol.ts";
import { type ModelSource, Restorer } from "./restore.ts";

/** The side of a widget that receives messages from pages. */
export interface PageReceiver extends ModelSource {
  /** Returns the number of views in all pages. */
  countViews(): number;
  /** Handles a message from a page; throws to refuse it. */
  receive(message: WidgetMessage): void;
  /** Removes the views of a page that was closed. */
  forgetPage(page: string): void;
}

/** Thrown when a page's message is refused; the page receives the reason. */
export class RefusedError extends Error {
  override name = "Refused";
}

/** Thrown when the widget of a message does not exist or is closed. */
export class GoneError extends Error {
  override name = GONE;
}

/** How many results of messages are kept. */
const MAX_RESULTS = 1000;

/**
 * The widgets of this kernel that pages can reach.
 *
 * A page sends a message by running a call of {@linkcode WidgetRegistry.receive}.
 * An error thrown there reaches the page as the error of its request.
 */
export class WidgetRegistry {
  readonly #widgets = new Map<string, PageReceiver>();
  readonly #restorer = new Restorer(this.#widgets);
  readonly #leases = new PageLeases({
    onExpire: (page) => this.#forgetPage(page),
    now: () => performance.now(),
    // Elsewhere there are no pages, and a timer would keep a program running.
    schedule: (fn, ms) => inKernel() && setTimeout(fn, ms),
  });
  /** Results by message id: undefined, or the error that was thrown. */
  readonly #results = new Map<string, unknown>();

  /** Registers a widget, which keeps it from being garbage-collected. */
  add(modelId: string, widget: PageReceiver): void {
    this.#widgets.set(modelId, widget);
    this.#restorer.offer();
  }

  /** Removes a widget. */
  remove(modelId: string): void {
    this.#widgets.delete(modelId);
  }

  /** The number of registered widgets. */
  get size(): number {
    return this.#widgets.size;
  }

  /** Restores the widgets in pages that do not have them. */
  restore(): void {
    this.#restorer.probeOnce();
  }

  /**
   * Handles a {@linkcode PageMessage}, encoded by the page. A message that is
   * received again, as after a lost connection, only repeats its result.
   *
   * @throws {GoneError} If the widget does not exist.
   * @throws {Error} If the widget refuses the message.
   */
  receive(encoded: string): void {
    const message = parse(encoded);
    if (!this.#results.has(message.id)) this.#handle(message);
    const error = this.#results.get(message.id);
    if (error !== undefined) throw error;
  }

  #handle(message: PageMessage): void {
    const { id } = message;
    // Set first, as a listener may receive the same message again.
    this.#results.set(id, undefined);
    if (this.#results.size > MAX_RESULTS) {
      const [oldest] = this.#results.keys();
      this.#results.delete(oldest);
    }
    try {
      if ("to" in message) this.#deliver(message.to, message);
      else if (message.method === "restore") this.#restorer.restore(message);
      else if (message.method === "renew") this.#renew(message.page);
      else if (message.method === "leave") this.#forgetPage(message.page);
      else this.#restorer.probeSoon();
    } catch (error) {
      this.#results.set(id, error);
    }
  }

  #deliver(to: string, message: WidgetMessage): void {
    const widget = this.#widgets.get(to);
    if (!widget) {
      throw new GoneError("The widget does not exist in this kernel");
    }
    const before = widget.countViews();
    widget.receive(message);
    if (message.method !== "views") return;
    this.#leases.renew(message.page);
    this.#restorer.pageOpened(message.page);
    if (before > 0 && widget.countViews() === 0) {
      this.#restorer.probeUntilAnswered("any page");
    }
  }

  /** @throws {RefusedError} If the lease has expired, and with it the views. */
  #renew(page: string): void {
    if (this.#leases.has(page)) return this.#leases.renew(page);
    throw new RefusedError(
      "Cannot renew the page's lease as it has expired: report its views again",
    );
  }

  #forgetPage(page: string): void {
    this.#leases.end(page);
    for (const widget of this.#widgets.values()) widget.forgetPage(page);
    this.#restorer.pageClosed(page);
    this.#restorer.probeUntilAnswered("new page");
  }
}

/**
 * Returns the registry of this kernel. All copies of this module share it, as
 * pages find it by its symbol.
 */
export function registry(): WidgetRegistry {
  const scope = globalThis as { [key: symbol]: WidgetRegistry | undefined };
  return scope[Symbol.for(REGISTRY_KEY)] ??= new WidgetRegistry();
}

/** Validates a message, which may have been sent by any page. */
function parse(encoded: string): PageMessage {
  const message = decodeOrNull(encoded);
  if (!isObject(message) || !isString(message.id) || !isWellFormed(message)) {
    throw new RefusedError(
      "Cannot handle the page's message as it is malformed: reload the page",
    );
  }
  return message as unknown as PageMessage;
}

function decodeOrNull(encoded: string): unknown {
  try {
    return decode(encoded);
  } catch {
    return null;
  }
}

function isWellFormed(message: JsonObject): boolean {
  const { method, to, page } = message;
  switch (method) {
    case "update":
      return isString(to) && isObject(message.state);
    case "custom":
      return isString(to) && "content" in message;
    case "views":
      return isString(to) && isString(page) &&
        Number.isSafeInteger(message.views);
    case "leave":
    case "renew":
      return isString(page) && to === undefined;
    case "newcomer":
      return to === undefined;
    case "restore":
      return isString(page) && to === undefined && isString(message.probe) &&
        Array.isArray(message.missing) && message.missing.every(isString);
  }
  return false;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
