import {
  codeFor,
  GONE,
  type KernelMessage,
  type PageMessage,
  type WidgetMessage,
} from "../protocol.ts";
import {
  type Answer,
  type Kernel,
  newId,
  thisPage,
  type WidgetManager,
} from "./page.ts";
import { keepLateOutput } from "./late_output.ts";

/** So long the kernel must have been idle, in ms. A Deno kernel shows what a
 * cell displays at its very end, a few ms after it says that it is idle, and
 * would take it for the answer to a request that comes in between. */
const QUIET_MS = 60;

/** No longer may the code of a message be: Jupyter's server cuts connections
 * over which it gets a message of more than 10 MiB. */
const MAX_CODE = 9 * 2 ** 20;

/** Ways of a kernel to end: what it knew is gone. */
const ENDINGS = ["restarting", "autorestarting", "terminating", "dead"];

/** When a message has to wait. Not while the status is not known: some hosts
 * never tell it. */
const BUSY = ["busy", "starting", ...ENDINGS];

/** The kernel has not done what it was asked; the message says why. */
export class UplinkError extends Error {
  /** Whether there is no such widget in the kernel any more. */
  readonly gone: boolean;

  constructor(message: string, gone: boolean) {
    super(message);
    this.gone = gone;
  }
}

type Message =
  | (WidgetMessage & { readonly to: string })
  | KernelMessage;

/**
 * The way from the widgets of one notebook to its kernel: one message at a
 * time, in order, each when the kernel is idle.
 */
export class Channel extends EventTarget {
  readonly #manager: WidgetManager;
  #queue: Promise<unknown> = Promise.resolve();
  #watched: Kernel | null = null;
  #quietSince = 0;

  private constructor(manager: WidgetManager) {
    super();
    this.#manager = manager;
    addEventListener("pagehide", () => this.#leave(this.kernel));
  }

  /** The channel of this manager's widgets. */
  static of(manager: WidgetManager): Channel {
    const { channels } = thisPage<Channel>();
    const channel = channels.get(manager) ?? new Channel(manager);
    channels.set(manager, channel);
    return channel;
  }

  /** The kernel, if there is a way to it. */
  get kernel(): Kernel | null {
    const kernel = this.#manager.kernel;
    if (typeof kernel?.requestExecute !== "function") return null;
    if (kernel !== this.#watched) this.#watch(kernel);
    return kernel;
  }

  /** Whether the kernel runs something, so that messages wait. */
  get busy(): boolean {
    return BUSY.includes(this.kernel?.status ?? "idle");
  }

  /** Whether messages can leave the page. */
  get connected(): boolean {
    const status = this.kernel?.connectionStatus ?? "connected";
    return status === "connected";
  }

  /**
   * Sends a message, after those that were sent before.
   *
   * @param compose Called when its turn has come; may return null, for nothing.
   * @throws {UplinkError} when the kernel refuses it.
   */
  send(compose: () => Message | null): Promise<void> {
    const sent = this.#queue.then(async () => {
      await this.#quiet();
      const message = compose();
      if (message) await this.#request(message);
    });
    this.#queue = sent.catch(() => {});
    return sent;
  }

  async #request(message: Message): Promise<void> {
    const code = codeFor({ id: newId(), ...message } as PageMessage);
    if (code.length > MAX_CODE) {
      throw new UplinkError("The message is too large for Jupyter", false);
    }
    const { content } = await this.#answer(code);
    if (content.status === "ok") return;
    const { ename = "Error", evalue = "The kernel gave no reason" } = content;
    throw new UplinkError(evalue, ename === GONE);
  }

  /**
   * Runs code until there is an answer. What was on its way when a connection
   * was lost may not have arrived, so it is sent again; the kernel knows it by
   * its id.
   */
  #answer(code: string): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    return new Promise<Answer>((resolve, reject) => {
      const lost = () => reject(this.#noKernel());
      const ask = () => {
        const { kernel } = this;
        // JupyterLab refuses or cancels what an ended kernel cannot answer.
        if (kernel) execute(kernel, code).then(resolve, lost);
        else lost();
      };
      this.addEventListener("end", lost, { signal });
      this.addEventListener("connected", ask, { signal });
      ask();
    }).finally(() => answered.abort());
  }

  /** There has never been one, or it is gone. */
  #noKernel(): UplinkError {
    return this.#watched
      ? new UplinkError("The kernel has ended", true)
      : new UplinkError("There is no way to the kernel", false);
  }

  /** Resolves when the kernel has been idle for long enough. */
  async #quiet(): Promise<void> {
    while (this.kernel) {
      const wait = this.#quietSince + QUIET_MS - performance.now();
      if (!this.busy && wait <= 0) return;
      await (this.busy ? this.#nextStatus() : sleep(wait));
    }
  }

  #nextStatus(): Promise<void> {
    return new Promise((resolve) => {
      this.addEventListener("status", () => resolve(), { once: true });
    });
  }

  #watch(kernel: Kernel): void {
    this.#watched = kernel;
    this.#quietSince = performance.now();
    keepLateOutput(kernel);
    kernel.statusChanged?.connect((_, status) => {
      if (kernel !== this.#watched) return;
      this.#quietSince = performance.now();
      if (ENDINGS.includes(status)) this.dispatchEvent(new Event("end"));
      this.dispatchEvent(new Event("status"));
    });
    kernel.disposed?.connect(() => {
      // The notebook was closed, and the connection is about to be; or the
      // kernel was shut down, or went with its server.
      this.#leave(kernel);
      thisPage<Channel>().channels.delete(this.#manager);
      this.dispatchEvent(new Event("end"));
    });
    kernel.connectionStatusChanged?.connect((_, status) => {
      if (kernel !== this.#watched) return;
      const back = status === "connected";
      this.dispatchEvent(new Event(back ? "connected" : "disconnected"));
      this.dispatchEvent(new Event("status"));
    });
  }

  /** Nobody waits for the answer: the page is as good as gone. */
  #leave(kernel: Kernel | null): void {
    const { id: page } = thisPage();
    const code = codeFor({ id: newId(), method: "leave", page });
    if (kernel) execute(kernel, code).catch(() => {});
  }
}

/** Runs code so that it leaves no trace in the notebook. */
async function execute(kernel: Kernel, code: string): Promise<Answer> {
  return await kernel.requestExecute({
    code,
    silent: true,
    store_history: false,
    allow_stdin: false,
    stop_on_error: false,
  }).done;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
