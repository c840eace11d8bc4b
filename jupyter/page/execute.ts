import {
  type AnyMessage,
  type ExecuteReply,
  type Kernel,
  type KernelOutput,
  type ParentHeader,
  silentRequest,
} from "./page.ts";

/**
 * Runs code that leaves no trace in the notebook.
 *
 * @param signal Aborts when the reply has arrived or is no longer needed.
 * @param onSent Receives the id of the request before any message of it.
 * @returns The reply, after all other messages that the code has caused.
 */
export async function execute(
  kernel: Kernel,
  code: string,
  signal?: AbortSignal,
  onSent?: (id: string) => void,
): Promise<ExecuteReply> {
  const { msg, done } = kernel.requestExecute(silentRequest(code));
  if (!msg) return await done;
  onSent?.(msg.header.msg_id);
  // VS Code replaces each pending request of a page with a copy, so that `done`
  // never settles there.
  const { msg_id: id } = msg.header;
  const reply = replyTo(({ msg_id }) => msg_id === id, kernel, signal);
  return await Promise.race([done, reply]);
}

/**
 * Resolves as the promise of a request does: when its reply has arrived and the
 * kernel is idle again.
 *
 * @param isRequest Returns whether a header is that of the request.
 */
export function replyTo(
  isRequest: (header: ParentHeader) => boolean,
  kernel: Kernel,
  signal?: AbortSignal,
): Promise<ExecuteReply> {
  return new Promise((resolve) => {
    let reply: ExecuteReply | undefined;
    let idle = false;
    const onMessage = (_: unknown, { msg }: AnyMessage) => {
      const isReply = msg.header.msg_type === "execute_reply";
      if (isReply && isRequest(msg.parent_header)) reply = msg;
      if (reply && idle) resolve(reply);
    };
    const onOutput = (_: unknown, msg: KernelOutput) => {
      const isIdle = msg.content.execution_state === "idle";
      if (isIdle && isRequest(msg.parent_header)) idle = true;
      if (reply && idle) resolve(reply);
    };
    kernel.anyMessage?.connect(onMessage);
    kernel.iopubMessage?.connect(onOutput);
    signal?.addEventListener("abort", () => {
      kernel.anyMessage?.disconnect(onMessage);
      kernel.iopubMessage?.disconnect(onOutput);
    });
  });
}
