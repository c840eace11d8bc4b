/**
 * The messages that a page sends to the kernel.
 *
 * The Deno kernel drops comm messages (denoland/deno#20592) but runs code. So the
 * page sends its messages in silent execute requests: each calls one function
 * with one string, the encoded message. This way back is called the *uplink*.
 *
 * Kernel and page both import this file, so it uses the APIs of neither.
 *
 * @module
 */

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** The key of the well-known symbol that holds the kernel's widget registry. */
export const REGISTRY_KEY = "deno.anywidget.registry";

/** The name of the error for a widget that does not exist in the kernel. */
export const GONE = "WidgetGone";

/** The trait that counts heartbeats. */
export const HEARTBEAT = "_heartbeat";

/** The trait that holds the id of the widget's model. */
export const MODEL_ID = "_model_id";

/**
 * The trait `<list>_patch` of a sliding list: its last change.
 *
 * It is absent until the kernel first sends a part of the list instead of the
 * whole.
 */
export interface ListPatch<Item = unknown> {
  /** Counts the changes of this list. A number that was skipped means that the
   * page has missed a change, and it makes each patch differ from the previous
   * one: a model emits no event for an equal patch. */
  readonly sequence: number;
  /** The number of the first item that changed. */
  readonly start: number;
  /** What replaces the items from number `start` on. */
  readonly items: readonly Item[];
  /** Whether the list trait contains this change: the kernel has sent the list
   * itself, or the page has applied the patch to it. The list then ends with the
   * patch, and may lack its oldest items. */
  readonly whole?: boolean;
}

/**
 * The trait `<list>_older` of a sliding list: items that a long list lacked when
 * it was sent.
 */
export interface OlderItems<Item = unknown> {
  /** The number of the first of these items. */
  readonly start: number;
  /** The items, without the last one of the list. */
  readonly items: readonly Item[];
}

/** The longest time between two messages of a live widget, in milliseconds. */
export const HEARTBEAT_MS = 5000;

/** How often a page with views renews its lease, in milliseconds. */
export const RENEW_MS = 60_000;

/** A message for one widget. */
export type WidgetMessage =
  | { readonly method: "update"; readonly state: JsonObject }
  | { readonly method: "custom"; readonly content: unknown }
  | {
    readonly method: "views";
    readonly page: string;
    /** The number of views that the page shows. */
    readonly views: number;
    /** Whether the page may have missed updates. */
    readonly resync?: boolean;
  };

/** A message for the kernel. */
export type KernelMessage =
  /** The page is about to close. */
  | { readonly method: "leave"; readonly page: string }
  /** The page is still open: it renews its lease, see `page_leases.ts`. */
  | { readonly method: "renew"; readonly page: string }
  /** Another page has loaded, and probably lacks the kernel's models. */
  | { readonly method: "newcomer" }
  /** The page requests models that a probe found missing: see `restore.ts`. */
  | {
    readonly method: "restore";
    readonly page: string;
    readonly probe: string;
    readonly missing: readonly string[];
  };

/** A message before it gets an id. */
export type MessageBody =
  | (WidgetMessage & { readonly to: string })
  | KernelMessage;

/** A message as the page sends it. */
export type PageMessage = MessageBody & {
  /** Unique, so that a message that is sent again is handled once. */
  readonly id: string;
};

/** Returns an id that is unique among messages, pages and probes. */
export function newId(): string {
  // Pages served over plain HTTP from another machine lack `crypto.randomUUID`.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

const CODE_PREFIX = `(globalThis[Symbol.for("${REGISTRY_KEY}")]`;

/**
 * Returns the code that delivers a message: constant text around one string
 * literal, which holds the message as JSON in base64. No character of a message
 * has a meaning to the kernel's parser.
 */
export function codeFor(message: PageMessage): string {
  return `${CODE_PREFIX} ?? { receive() {
    throw Object.assign(new Error("This kernel has no widgets"), { name: "${GONE}" });
  } }).receive("${encode(message)}")`;
}

/**
 * Returns code that runs the code of a message, and sends an error to the page
 * instead of throwing it.
 *
 * @param id The id of the comm message with the error. There is no such comm, so
 * that hosts ignore the message.
 */
export function codeWithoutError(code: string, id: string): string {
  return `${CODE_PREFIX}, await (async () => {
    try {
      ${code}
    } catch (error) {
      const { name: ename, message: evalue = String(error) } = Object(error);
      const content = { comm_id: "${id}", data: { ename, evalue } };
      await Deno.jupyter.broadcast("comm_msg", content);
      // Otherwise the kernel could reply first.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })())`;
}

/** Returns whether this is code of the uplink. */
export function isUplinkCode(code: string): boolean {
  return code.startsWith(CODE_PREFIX);
}

function encode(message: PageMessage): string {
  // Base64 encodes bytes, so other characters are escaped first.
  const ascii = JSON.stringify(message).replace(
    /[^ -~]/g,
    (character) =>
      "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return btoa(ascii);
}

/** Returns the JSON value in the string literal of {@linkcode codeFor}. */
export function decode(encoded: string): unknown {
  return JSON.parse(atob(encoded));
}
