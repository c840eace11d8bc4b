import type { JsonObject } from "./protocol.ts";

/** Returns whether this code runs in a Deno kernel. */
export function inKernel(): boolean {
  try {
    return typeof Deno.jupyter.broadcast === "function";
  } catch {
    // Outside a kernel, reading `Deno.jupyter` throws.
    return false;
  }
}

/**
 * A comm: a channel from the kernel to the pages, in the Jupyter messaging
 * protocol (`comm_open`, `comm_msg`, `comm_close` on iopub).
 *
 * Messages arrive in the order in which they are sent. Outside a kernel, sending
 * does nothing.
 */
export class Comm {
  /** The id of the comm in the pages. */
  readonly id: string;
  readonly #target: string;
  #state: "new" | "open" | "closed" = "new";

  /**
   * Creates a comm that is not open yet.
   *
   * @param target The name of the front end's handler, such as "jupyter.widget".
   * @param id The comm's id. Default: a new one.
   */
  constructor(target: string, id: string = crypto.randomUUID()) {
    this.#target = target;
    this.id = id;
  }

  /** Whether messages can be sent. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Opens the comm in all pages. Only the first call has an effect. */
  open(data: JsonObject, metadata: JsonObject = {}): void {
    if (this.#state !== "new") return;
    this.#state = "open";
    broadcast("comm_open", {
      comm_id: this.id,
      target_name: this.#target,
      data,
    }, metadata);
  }

  /** Sends a message; does nothing unless the comm is open. */
  send(data: JsonObject): void {
    if (this.#state !== "open") return;
    broadcast("comm_msg", { comm_id: this.id, data });
  }

  /** Closes the comm for good. */
  close(): void {
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    if (wasOpen) broadcast("comm_close", { comm_id: this.id, data: {} });
  }
}

// Callers do not await it: the message is queued before the first `await`, so
// messages are sent in the order of the calls.
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
