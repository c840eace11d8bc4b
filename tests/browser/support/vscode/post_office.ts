/** The messages between VS Code's page and the Jupyter extension. */

import type { Kernel, KernelMessage } from "@jupyterlab/services";

/** What a connection needs to look like the extension's. */
export interface KernelOptions {
  readonly clientId: string;
  readonly username: string;
  readonly model: Kernel.IModel;
  /** The subprotocol of the server's WebSocket. */
  readonly protocol: string;
}

/** A message as a WebSocket transmits it. */
export type SocketData = string | ArrayBuffer;

/** A message to the page. */
export type ToPage =
  | { readonly type: "kernel"; readonly options: KernelOptions }
  | { readonly type: "restart" }
  | { readonly type: "received"; readonly data: SocketData }
  /** The extension is about to send this request. */
  | {
    readonly type: "mirror";
    readonly id: string;
    readonly request: KernelMessage.IExecuteRequestMsg;
  };

/** A message to the extension. */
export type ToExtension =
  | { readonly type: "send"; readonly data: SocketData }
  | { readonly type: "mirrored"; readonly id: string };
