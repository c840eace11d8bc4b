/** What a page gives its widgets, as far as the way to the kernel needs it. */

/** A signal of Lumino, the library under JupyterLab. */
export interface Signal<T> {
  connect(listener: (sender: unknown, args: T) => void): boolean;
}

/** A message of a kernel, as far as it is looked at here. */
export interface KernelOutput {
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: { readonly code?: string };
}

/** What a kernel answers to a request. */
export interface Answer {
  readonly content: {
    readonly status: string;
    readonly ename?: string;
    readonly evalue?: string;
  };
}

/** A connection to a kernel, of `@jupyterlab/services`. */
export interface Kernel {
  readonly status?: string;
  readonly connectionStatus?: string;
  readonly statusChanged?: Signal<string>;
  readonly connectionStatusChanged?: Signal<string>;
  readonly iopubMessage?: Signal<KernelOutput>;
  readonly disposed?: Signal<void>;
  requestExecute(content: {
    code: string;
    silent: boolean;
    store_history: boolean;
    allow_stdin: boolean;
    stop_on_error: boolean;
  }): { readonly done: Promise<Answer> };
}

/** The manager of a notebook's widgets. JupyterLab, Notebook 7 and VS Code have
 * a `kernel` there, Colab has none. */
export interface WidgetManager {
  readonly kernel?: Kernel | null;
}

/** What all copies of these modules in a page share. */
export interface Page<Channel = unknown> {
  /** A name of this page, different after each reload. */
  readonly id: string;
  readonly channels: Map<WidgetManager, Channel>;
  /** The models that an offer has made and that have not been heard of yet. */
  readonly adopted: Set<string>;
}

const PAGE_KEY = Symbol.for("deno.anywidget.page");

/** This page. Each widget brings its own copy of this module, and all of them
 * must take turns on one channel. */
export function thisPage<Channel = unknown>(): Page<Channel> {
  const place = globalThis as { [key: symbol]: Page<Channel> | undefined };
  return place[PAGE_KEY] ??= {
    id: newId(),
    channels: new Map(),
    adopted: new Set(),
  };
}

/** An id that no other message, page or view has. `crypto.randomUUID` is not
 * there on a page that came by plain http from another machine. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
