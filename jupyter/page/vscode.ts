/**
 * All uses of private parts of VS Code's Jupyter extension, of version 2026.6. If
 * one is missing, as it may be in another version, output of a cell that arrives
 * late is not shown. Nothing here throws then.
 */

import { codeWithoutError, newId } from "../protocol.ts";
import { replyTo } from "./execute.ts";
import { cellRequests } from "./jupyterlab.ts";
import {
  type ExecuteReply,
  type Kernel,
  type KernelOutput,
  silentRequest,
} from "./page.ts";

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
  sendShellMessage(message: unknown): unknown;
}

/** Returns whether this is the kernel connection of VS Code's page. */
export function isProxyKernel(kernel: Kernel): kernel is ProxyKernel {
  const { realKernel, sendShellMessage } = kernel as Partial<ProxyKernel>;
  return typeof realKernel === "object" &&
    typeof sendShellMessage === "function";
}

/** Returns the id of the request of the latest cell that has ended, if known. */
export async function latestEndedCell(
  { realKernel }: ProxyKernel,
): Promise<string | undefined> {
  for (const { msg, done } of cellRequests(realKernel).reverse()) {
    if (await isFulfilled(done)) return msg.header.msg_id;
  }
}

async function isFulfilled(promise?: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  const first = Promise.race([promise, pending]);
  return await first.then((value) => value !== pending, () => false);
}

/**
 * Runs code under the id of a cell's request, so that a Deno kernel regards all
 * that it sends from then on as replies to the cell.
 *
 * @param cell The id. The cell must have ended: otherwise VS Code would regard
 * this request as the cell's, and wait for the cell forever.
 * @param signal Aborts when the reply has arrived or is no longer needed.
 * @returns The reply, after all other messages that the code has caused.
 */
export async function executeAs(
  cell: string,
  kernel: ProxyKernel,
  code: string,
  signal?: AbortSignal,
): Promise<ExecuteReply> {
  // The cell would show an error, and the replies to all requests under its id
  // have the same parent but for the user's name.
  const id = newId();
  let error: object | undefined;
  const onOutput = (_: unknown, { content }: KernelOutput) => {
    if (content.comm_id === id) error = content.data as object;
  };
  kernel.iopubMessage?.connect(onOutput);
  signal?.addEventListener("abort", () => {
    kernel.iopubMessage?.disconnect(onOutput);
  });
  const reply = replyTo(({ username }) => username === id, kernel, signal);
  kernel.sendShellMessage({
    channel: "shell",
    header: {
      msg_id: cell,
      msg_type: "execute_request",
      session: kernel.clientId,
      username: id,
      date: new Date().toISOString(),
      version: "5.2",
    },
    parent_header: {},
    metadata: {},
    content: silentRequest(codeWithoutError(code, id)),
    buffers: [],
  });
  const received = await reply;
  return error ? { content: { status: "error", ...error } } : received;
}
