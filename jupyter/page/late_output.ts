import { isUplinkCode } from "../protocol.ts";
import { deliverOutput, latestCellRequest } from "./jupyterlab.ts";
import type { Kernel } from "./page.ts";

/** The types of messages that a cell can cause after its end. */
const OUTPUTS = [
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "clear_output",
];

/**
 * Delivers output that a cell produces after its end, for example in a timer, to
 * that cell.
 *
 * A Deno kernel sends such output as a reply to the latest request. If that is
 * one of the uplink, no cell would show it.
 */
export function deliverLateOutput(kernel: Kernel): void {
  /** The latest request that is not the uplink's. */
  let cell: string | undefined;
  /** The uplink's latest request after it. */
  let uplink: string | undefined;
  kernel.iopubMessage?.connect((_, message) => {
    const { header: { msg_type: type }, parent_header: parent } = message;
    if (type !== "execute_input") {
      const isLate = OUTPUTS.includes(type) && parent.msg_id === uplink;
      if (isLate && cell) deliverOutput(kernel, cell, message);
    } else if (isUplinkCode(message.content.code ?? "")) {
      uplink = parent.msg_id;
      // The cell that displayed the first widget ran before this listener was
      // connected.
      cell ??= latestCellRequest(kernel);
    } else {
      cell = parent.msg_id;
      uplink = undefined;
    }
  });
}
