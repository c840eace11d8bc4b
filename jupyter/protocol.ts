/**
 * What the page tells the kernel about its widgets.
 *
 * The Deno kernel drops comm messages (denoland/deno#20592), but runs code. So
 * the page sends its messages in silent execute requests, each a call of one
 * function with one string: the message as JSON.
 *
 * Both sides import this file, so it must run in either.
 *
 * @module
 */

/** A JSON object, as it travels in a Jupyter message. */
export type JsonObject = Record<string, unknown>;

/** The well-known symbol under which the kernel has its {@linkcode Registry}. */
export const REGISTRY_KEY = "deno.anywidget.uplink";

/** The name of the error that says that there is no such widget any more. */
export const GONE = "WidgetGone";

/** The trait that changes when a widget has nothing to tell but that it lives. */
export const BEAT = "_beat";

/** The trait that holds the id of the widget's model. */
export const MODEL_ID = "_uplink";

/** A widget with nothing to tell says so every so many milliseconds. */
export const BEAT_MS = 5000;

/** What every message has. */
export interface Envelope {
  /** Unlike any other message's, so that none is taken in twice. */
  readonly id: string;
}

/** What is meant for one widget. */
export type WidgetMessage =
  | { readonly method: "update"; readonly state: JsonObject }
  | { readonly method: "custom"; readonly content: unknown }
  | ViewsMessage;

/** How many views of a widget a page has now. */
export interface ViewsMessage {
  /** What it is. */
  readonly method: "views";
  /** The page. */
  readonly page: string;
  /** The number of views. */
  readonly views: number;
  /** Whether the page may have missed a change of a trait. */
  readonly resync?: boolean;
}

/** What is meant for the kernel. */
export type KernelMessage =
  /** The page is being left, with all its views. */
  | { readonly method: "leave"; readonly page: string }
  /** The page has got an offer, and which of the offered models it lacks. */
  | {
    readonly method: "claim";
    readonly page: string;
    readonly offer: string;
    readonly missing: readonly string[];
  };

/** What the page sends. */
export type PageMessage =
  & Envelope
  & ((WidgetMessage & { readonly to: string }) | KernelMessage);

/**
 * The code that hands a message to the kernel: a constant around one string
 * literal, which holds the message as JSON in base64. Whatever the message
 * says, none of its characters means anything to the kernel's parser.
 */
export function codeFor(message: PageMessage): string {
  return `${CODE_BEGIN} ?? { receive() {
    throw Object.assign(new Error("This kernel has no widgets"), { name: "${GONE}" });
  } }).receive("${encode(message)}")`;
}

const CODE_BEGIN = `(globalThis[Symbol.for("${REGISTRY_KEY}")]`;

/** Whether this code is one that {@linkcode codeFor} has made. */
export function isUplinkCode(code: string): boolean {
  return code.startsWith(CODE_BEGIN);
}

function encode(message: PageMessage): string {
  // Base64 is made of bytes: JSON can say every other character in these.
  const ascii = JSON.stringify(message).replace(
    /[^ -~]/g,
    (character) =>
      "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return btoa(ascii);
}

/** The JSON in what {@linkcode codeFor} has put into its literal. */
export function decode(encoded: string): unknown {
  return JSON.parse(atob(encoded));
}
