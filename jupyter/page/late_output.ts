import { isUplinkCode } from "../protocol.ts";
import type { Kernel, KernelOutput } from "./page.ts";

/** What a cell shows, as far as it can come after its end. */
const OUTPUTS = [
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "clear_output",
];

/** What JupyterLab keeps of a request, to hand it what comes for it. */
interface Future {
  readonly msg: {
    readonly header: { readonly msg_id: string; readonly msg_type: string };
    readonly content: { readonly silent?: boolean };
  };
  handleMsg(message: KernelOutput): Promise<void>;
}

/** The futures of requests that may still be answered, the oldest first: what
 * JupyterLab's connection to a kernel keeps to itself. */
function futuresOf(kernel: Kernel): ReadonlyMap<string, Future> {
  return (kernel as { _futures?: Map<string, Future> })._futures ?? new Map();
}

/**
 * Hands what a cell shows after its end, as from a timer, to that cell.
 *
 * A Deno kernel sends such output as an answer to the last request that it got,
 * whatever that was. After one of the uplink nobody would show it.
 */
export function keepLateOutput(kernel: Kernel): void {
  /** The last request that was not one of the uplink. */
  let cell: string | undefined;
  /** The one of the uplink that came after it, if any. */
  let uplink: string | undefined;
  kernel.iopubMessage?.connect((_, message) => {
    const { header: { msg_type: type }, parent_header: parent } = message;
    if (type !== "execute_input") {
      if (!OUTPUTS.includes(type) || parent.msg_id !== uplink) return;
      const future = futuresOf(kernel).get(cell ?? "");
      future?.handleMsg({ ...message, parent_header: future.msg.header });
    } else if (isUplinkCode(message.content.code ?? "")) {
      uplink = parent.msg_id;
      // The one that has shown the first widget came before there was anybody
      // to see it.
      cell ??= lastCell(kernel);
    } else {
      cell = parent.msg_id;
      uplink = undefined;
    }
  });
}

function lastCell(kernel: Kernel): string | undefined {
  return [...futuresOf(kernel).values()].map(({ msg }) => msg).findLast((msg) =>
    msg.header.msg_type === "execute_request" && !msg.content.silent
  )?.header.msg_id;
}
