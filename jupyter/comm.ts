import type { JsonObject } from "./protocol.ts";

export type { JsonObject };

/** Whether this code runs in a Deno kernel, so that a front end can hear it. */
export function inKernel(): boolean {
  try {
    return typeof Deno.jupyter.broadcast === "function";
  } catch {
    // Merely reading `Deno.jupyter` throws outside a kernel.
    return false;
  }
}

/**
 * One comm: a channel from the kernel to the front end, in the Jupyter
 * messaging protocol (`comm_open`, `comm_msg`, `comm_close` on iopub).
 *
 * Messages arrive in the order in which they were sent. Outside a kernel
 * nobody listens, and sending does nothing.
 */
export class Comm {
  /** The id under which the front end knows this comm. */
  readonly id: string;
  readonly #target: string;
  #state: "new" | "open" | "closed" = "new";

  /**
   * @param target The name of the front end's handler, as in "jupyter.widget".
   * @param id The comm's id; by default a new one.
   */
  constructor(target: string, id: string = crypto.randomUUID()) {
    this.#target = target;
    this.id = id;
  }

  /** Whether messages can be sent. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Announces the comm to the front end. A comm opens once. */
  open(data: JsonObject, metadata: JsonObject = {}): void {
    if (this.#state !== "new") return;
    this.#state = "open";
    broadcast("comm_open", {
      comm_id: this.id,
      target_name: this.#target,
      data,
    }, metadata);
  }

  /** Sends one message; does nothing unless the comm is open. */
  send(data: JsonObject): void {
    if (this.#state !== "open") return;
    broadcast("comm_msg", { comm_id: this.id, data });
  }

  /** Closes the comm for good; a comm that was never opened closes silently. */
  close(): void {
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    if (wasOpen) broadcast("comm_close", { comm_id: this.id, data: {} });
  }
}

// Not awaited by anyone: the message is queued before the first `await`, so
// messages leave in the order of the calls.
async function broadcast(
  type: string,
  content: JsonObject,
  metadata: JsonObject = {},
): Promise<void> {
  if (!inKernel()) return;
  try {
    await Deno.jupyter.broadcast(type, content, { metadata });
  } catch (error) {
    console.error(`Cannot send '${type}' to the front end:`, error);
  }
}
