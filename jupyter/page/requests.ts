import { isUplinkCode } from "../protocol.ts";
import { execute } from "./execute.ts";
import { cellRequests, deliverOutput } from "./jupyterlab.ts";
import type { ExecuteReply, Kernel, KernelOutput } from "./page.ts";
import { executeAs, isProxyKernel, latestEndedCell } from "./vscode.ts";

/** The types of messages that a cell can cause after its end. */
const OUTPUTS = [
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "clear_output",
];

/** How many requests of the uplink are remembered. The kernel falls behind by one
 * only, but each of several pages has its own. */
const MAX_REQUESTS = 100;

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
  /** The latest request of a cell. */
  #cell: string | undefined;
  /** The request that the kernel is replying to. */
  #parent: string | undefined;
  /** The latest requests of the uplink, each with the cell that output in reply
   * to it belongs to; undefined until the kernel has begun to handle it. */
  readonly #uplink = new Map<string, string | undefined>();

  /** Starts watching the requests and the output of a kernel. */
  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.iopubMessage?.connect((_, message) => this.#receive(message));
  }

  /** Runs code of the uplink: see {@linkcode execute}. */
  async execute(code: string, signal?: AbortSignal): Promise<ExecuteReply> {
    const kernel = this.#kernel;
    if (!isProxyKernel(kernel)) return await this.#execute(code, signal);
    const cell = this.#cell ?? await latestEndedCell(kernel);
    const hasEnded = kernel.status === "idle";
    if (!cell || !hasEnded) return await this.#execute(code, signal);
    this.#cell ??= cell;
    try {
      return await executeAs(cell, kernel, code, signal);
    } finally {
      // Another cell may have run before the kernel received this request.
      const isOutdated = this.#parent === cell && this.#cell !== cell;
      if (isOutdated) this.execute("", signal).catch(() => {});
    }
  }

  async #execute(code: string, signal?: AbortSignal): Promise<ExecuteReply> {
    return await execute(this.#kernel, code, signal, (id) => this.#add(id));
  }

  #add(request: string, cell?: string): void {
    this.#uplink.set(request, cell);
    if (this.#uplink.size <= MAX_REQUESTS) return;
    const [oldest] = this.#uplink.keys();
    this.#uplink.delete(oldest);
  }

  #receive(message: KernelOutput): void {
    const { header, parent_header: { msg_id: parent }, content } = message;
    if (parent === undefined) return;
    const isInput = header.msg_type === "execute_input";
    if (isInput) {
      this.#parent = parent;
      if (!isUplinkCode(content.code ?? "")) this.#cell = parent;
    }
    const isUplink = isInput || this.#uplink.has(parent);
    if (!isUplink || parent === this.#cell) return;
    // The cell that displayed the first widget ran before this listener was
    // connected.
    this.#cell ??= cellRequests(this.#kernel).at(-1)?.msg.header.msg_id;
    if (isInput) return this.#add(parent, this.#cell);
    // The kernel sends input and output independently of each other: output may
    // arrive before the input of its request, or after that of the next one.
    const cell = this.#uplink.get(parent) ?? this.#cell;
    const isLate = OUTPUTS.includes(header.msg_type);
    if (isLate && cell) deliverOutput(this.#kernel, cell, message);
  }
}
