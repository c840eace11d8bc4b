import { Offers } from "./restore.ts";
import {
  decode,
  GONE,
  type JsonObject,
  type PageMessage,
  REGISTRY_KEY,
  type WidgetMessage,
} from "./protocol.ts";

/** A widget that the page knows, as far as the {@linkcode Registry} needs it. */
export interface Receiver {
  /** How many views of it there are, as far as pages have told. */
  readonly views: number;
  /** Everything that a page needs to make a model of it. */
  modelState(): JsonObject;
  /** Takes in a message from a page; throws to refuse it. */
  receive(message: WidgetMessage): void;
  /** A page was left, and its views with it. */
  forgetPage(page: string): void;
}

/** The page's message cannot be carried out; the page is told why. */
export class RefusedError extends Error {
  override name = "Refused";
}

/** There is no such widget, or no more. */
export class GoneError extends Error {
  override name = GONE;
}

/** Of how many messages it is remembered what came of them. */
const REMEMBERED = 1000;

/**
 * The widgets of this kernel that pages know, and the way to them.
 *
 * A page cannot send a comm message to a Deno kernel, so it runs a call of
 * {@linkcode Registry.receive}. What is thrown there reaches the page as the
 * error of its request.
 */
export class Registry {
  readonly #widgets = new Map<string, Receiver>();
  readonly #offers = new Offers(this.#widgets);
  /** What came of messages, by id: nothing, or an error. */
  readonly #outcomes = new Map<string, unknown>();

  /** Lets pages reach a widget, and keeps it from being garbage-collected. */
  add(id: string, widget: Receiver): void {
    this.#widgets.set(id, widget);
  }

  /** A widget is shown again, perhaps in a page that does not know it. */
  offer(): void {
    this.#offers.once();
  }

  /** Pages reach the widget no more. */
  remove(id: string): void {
    this.#widgets.delete(id);
  }

  /** How many widgets pages can reach. */
  get size(): number {
    return this.#widgets.size;
  }

  /**
   * Takes in a message, a {@linkcode PageMessage} as the page encodes it. One
   * that was taken in before is only answered again: a page that has lost its
   * connection does not know whether the message arrived.
   *
   * @throws {GoneError} when there is no such widget.
   * @throws {Error} when the widget refuses it; the message says why.
   */
  receive(encoded: string): void {
    const message = parse(encoded);
    if (!this.#outcomes.has(message.id)) this.#takeIn(message);
    const error = this.#outcomes.get(message.id);
    if (error !== undefined) throw error;
  }

  #takeIn(message: PageMessage): void {
    const { id } = message;
    // Before anything else, as a listener may lead back here.
    this.#outcomes.set(id, undefined);
    if (this.#outcomes.size > REMEMBERED) {
      const [oldest] = this.#outcomes.keys();
      this.#outcomes.delete(oldest);
    }
    try {
      if ("to" in message) this.#deliver(message.to, message);
      else if (message.method === "claim") this.#offers.claimed(message);
      else this.#left(message.page);
    } catch (error) {
      this.#outcomes.set(id, error);
    }
  }

  #deliver(to: string, message: WidgetMessage): void {
    const widget = this.#widgets.get(to);
    if (!widget) {
      throw new GoneError("There is no such widget in the kernel any more");
    }
    const before = widget.views;
    widget.receive(message);
    if (message.method !== "views") return;
    this.#offers.known(message.page);
    if (before > 0 && widget.views === 0) this.#offers.start("anyone");
  }

  #left(page: string): void {
    for (const widget of this.#widgets.values()) widget.forgetPage(page);
    this.#offers.forget(page);
    this.#offers.start("newcomers");
  }
}

/**
 * The registry of this kernel: one, however many copies of this module are
 * loaded, as the page finds it by its symbol.
 */
export function registry(): Registry {
  const place = globalThis as { [key: symbol]: Registry | undefined };
  return place[Symbol.for(REGISTRY_KEY)] ??= new Registry();
}

/** The message in a text that any page can have made. */
function parse(encoded: string): PageMessage {
  const message = decode(encoded);
  if (!isObject(message) || !isString(message.id) || !isWellFormed(message)) {
    throw new RefusedError(
      "Cannot take in the page's message as it is none that a widget knows",
    );
  }
  return message as unknown as PageMessage;
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
      return isString(page) && to === undefined;
    case "claim":
      return isString(page) && to === undefined && isString(message.offer) &&
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
