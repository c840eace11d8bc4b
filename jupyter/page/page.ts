/** This page: its identity, the state that its widgets share, and the parts of
 * its host (JupyterLab, Notebook, VS Code) that they use. */

import { newId } from "../protocol.ts";

/** A signal of Lumino, JupyterLab's foundation. */
export interface Signal<T> {
  connect(listener: (sender: unknown, args: T) => void): boolean;
}

/** A message of a kernel. */
export interface KernelOutput {
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: { readonly code?: string };
}

/** A kernel's reply to an execute request. */
export interface ExecuteReply {
  readonly content: {
    readonly status: string;
    readonly ename?: string;
    readonly evalue?: string;
  };
}

/** A connection to a kernel: `IKernelConnection` of `@jupyterlab/services`. Hosts
 * other than JupyterLab implement only a part of it. */
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
  }): { readonly done: Promise<ExecuteReply> };
}

/** The widget manager of a notebook. It has a `kernel` in JupyterLab, Notebook 7
 * and VS Code, but not in Colab. */
export interface WidgetManager {
  readonly kernel?: Kernel | null;
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
