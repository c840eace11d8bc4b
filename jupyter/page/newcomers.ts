import type { Kernel } from "./page.ts";

/**
 * The messages with which a page requests the kernel's widgets when it has
 * loaded: first on ipywidgets' control comm, and after 4 s without an answer as a
 * list of comms.
 */
const REQUESTS = ["comm_open", "comm_info_request"];

/**
 * Calls `listener` when another page requests the kernel's widgets.
 *
 * The Deno kernel neither has an answer nor tells user code. But every client
 * receives the kernel's status messages, which name the request that caused them.
 */
export function onNewcomer(kernel: Kernel, listener: () => void): void {
  kernel.iopubMessage?.connect((_, message) => {
    const { header, content, parent_header: parent } = message;
    const isRequest = REQUESTS.includes(parent.msg_type ?? "") &&
      parent.session !== kernel.clientId;
    const isDone = header.msg_type === "status" &&
      content.execution_state === "idle";
    if (isRequest && isDone) listener();
  });
}
