/**
 * All uses of private parts of VS Code's Jupyter extension, of version 2026.6. If
 * one is missing, as it may be in another version, output of a cell that arrives
 * late is not shown. Nothing here throws then.
 */

import { latestCellRequest } from "./jupyterlab.ts";
import { type Kernel, silentRequest } from "./page.ts";

/**
 * The kernel connection of VS Code's page.
 *
 * The private member is from `webview-side/ipywidgets/kernel/kernel.ts`; the
 * others are those of `IKernelConnection`.
 */
interface ProxyKernel extends Kernel {
  /** A connection without a server: what it sends, the extension sends. */
  readonly realKernel: Kernel;
  readonly clientId: string;
  readonly username: string;
  sendShellMessage(message: unknown): unknown;
}

/** Returns whether this is the kernel connection of VS Code's page. */
export function isProxyKernel(kernel: Kernel): kernel is ProxyKernel {
  const { realKernel, sendShellMessage } = kernel as Partial<ProxyKernel>;
  return typeof realKernel === "object" &&
    typeof sendShellMessage === "function";
}

/** Returns the id of the latest cell's request, if known. */
export function latestCell({ realKernel }: ProxyKernel): string | undefined {
  return latestCellRequest(realKernel);
}

/**
 * Runs code under the id of an earlier request. A Deno kernel regards what it
 * sends from then on as replies to that request.
 */
export function runAs(kernel: ProxyKernel, id: string, code: string): void {
  const { clientId: session, username } = kernel;
  kernel.sendShellMessage({
    channel: "shell",
    header: {
      msg_id: id,
      msg_type: "execute_request",
      session,
      username,
      date: new Date().toISOString(),
      version: "5.2",
    },
    parent_header: {},
    metadata: {},
    content: silentRequest(code),
    buffers: [],
  });
}
