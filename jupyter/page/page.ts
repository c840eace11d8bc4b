/** This page: its identity, the state that its widgets share, and the parts of
 * its host (JupyterLab, Notebook, VS Code) that they use. */

import { newId } from "../protocol.ts";

/** A signal of Lumino, JupyterLab's foundation. */
export interface Signal<T> {
  connect(listener: (sender: unknown, args: T) => void): boolean;
  disconnect(listener: (sender: unknown, args: T) => void): boolean;
}

/** The header of the request that a message belongs to. */
export interface ParentHeader {
  readonly msg_id?: string;
  readonly msg_type?: string;
  readonly username?: string;
  /** Identifies the connection of the client that sent the request. */
  readonly session?: string;
}

/** A message of a kernel. */
export interface KernelOutput {
  readonly header: { readonly msg_type: string };
  readonly parent_header: ParentHeader;
  readonly content: {
    readonly code?: string;
    readonly execution_state?: string;
    readonly comm_id?: string;
    readonly data?: unknown;
  };
}

/** The content of an execute request. */
export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

/** A kernel's reply to an execute request. */
export interface ExecuteReply {
  readonly content: {
    readonly status: string;
    readonly ename?: string;
    readonly evalue?: string;
  };
}

/** A message to or from a kernel. */
export interface AnyMessage {
  readonly msg: KernelOutput & ExecuteReply;
}

/** A pending execute request: `IShellFuture` of `@jupyterlab/services`. */
export interface Future {
  readonly msg?: { readonly header: { readonly msg_id: string } };
  readonly done: Promise<ExecuteReply>;
}

/** A connection to a kernel: `IKernelConnection` of `@jupyterlab/services`. Hosts
 * other than JupyterLab implement only a part of it. */
export interface Kernel {
  /** The `session` of the messages that this page sends. */
  readonly clientId?: string;
  readonly status?: string;
  readonly connectionStatus?: string;
  readonly statusChanged?: Signal<string>;
  readonly connectionStatusChanged?: Signal<string>;
  readonly iopubMessage?: Signal<KernelOutput>;
  readonly anyMessage?: Signal<AnyMessage>;
  readonly disposed?: Signal<void>;
  requestExecute(content: ExecuteRequest): Future;
}

/** The widget manager of a notebook. It has a `kernel` in JupyterLab, Notebook 7
 * and VS Code, but not in Colab. */
export interface WidgetManager {
  readonly kernel?: Kernel | null;
}

/** Returns a request to run code that leaves no trace in the notebook. */
export function silentRequest(code: string): ExecuteRequest {
  return {
    code,
    silent: true,
    store_history: false,
    allow_stdin: false,
    stop_on_error: false,
  };
}

/** What the widgets of a page share. */
export interface Page<Channel = unknown> {
  /** Identifies the page, until it is reloaded. */
  readonly id: string;
  /** The channel to each kernel, by the widget manager of its notebook. */
  readonly channels: Map<WidgetManager, Channel>;
  /** Ids of restored models that have not requested their traits yet. */
  readonly restored: Set<string>;
}

const PAGE_KEY = Symbol.for("deno.anywidget.page");

/** Returns this page. Each widget loads its own copy of this module, so the page
 * is stored in the global scope. */
export function thisPage<Channel = unknown>(): Page<Channel> {
  const scope = globalThis as { [key: symbol]: Page<Channel> | undefined };
  return scope[PAGE_KEY] ??= {
    id: newId(),
    channels: new Map(),
    restored: new Set(),
  };
}
