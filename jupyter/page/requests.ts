import { isUplinkCode, withoutError } from "../protocol.ts";
import { execute } from "./execute.ts";
import { deliverOutput, latestCellRequest } from "./jupyterlab.ts";
import type { ExecuteReply, Kernel, KernelOutput } from "./page.ts";
import { isProxyKernel, latestCell, runAs } from "./vscode.ts";

/** The types of messages that a cell can cause after its end. */
const OUTPUTS = [
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "clear_output",
];

const NOTHING = withoutError("");

/**
 * Runs the code of the uplink so that output which a cell produces after its end,
 * for example in a timer, still reaches that cell.
 *
 * A Deno kernel sends such output as a reply to the latest request. If that is
 * one of the uplink, no cell would show it. In JupyterLab, the page delivers the
 * output to the cell. In VS Code, the page cannot reach the cells, so the uplink
 * sends requests under the id of the cell's request.
 */
export class Requests {
  readonly #kernel: Kernel;
  /** The latest request that is not the uplink's. */
  #cell: string | undefined;
  /** The uplink's latest request after it. */
  #uplink: string | undefined;

  /** Starts watching the requests and the output of a kernel. */
  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.iopubMessage?.connect((_, message) => this.#receive(message));
  }

  /** Runs code of the uplink: see {@linkcode execute}. */
  async execute(code: string, signal?: AbortSignal): Promise<ExecuteReply> {
    const kernel = this.#kernel;
    if (!isProxyKernel(kernel)) return await execute(kernel, code, signal);
    const cell = this.#cell ??= latestCell(kernel);
    if (!cell) return await execute(kernel, code, signal);
    // The cell would show an error as its own, and all replies under its id look
    // the same. So this request has the effect, the next one only repeats the
    // result, and the last one leaves the kernel replying to the cell.
    runAs(kernel, cell, withoutError(code));
    const reply = execute(kernel, code, signal);
    runAs(kernel, cell, NOTHING);
    try {
      return await reply;
    } finally {
      // Another cell may have run before these requests.
      if (this.#cell !== cell) runAs(kernel, this.#cell!, NOTHING);
    }
  }

  #receive(message: KernelOutput): void {
    const { header: { msg_type: type }, parent_header: parent } = message;
    if (type !== "execute_input") {
      const isLate = OUTPUTS.includes(type) && parent.msg_id === this.#uplink;
      if (isLate && this.#cell) {
        deliverOutput(this.#kernel, this.#cell, message);
      }
    } else if (!isUplinkCode(message.content.code ?? "")) {
      this.#cell = parent.msg_id;
      this.#uplink = undefined;
    } else if (parent.msg_id !== this.#cell) {
      this.#uplink = parent.msg_id;
      // The cell that displayed the first widget ran before this listener was
      // connected.
      this.#cell ??= latestCellRequest(this.#kernel);
    }
  }
}
