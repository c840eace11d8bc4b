import {
  codeFor,
  GONE,
  type MessageBody,
  newId,
  RENEW_MS,
} from "../protocol.ts";
import { AnswerWatch } from "./answer_watch.ts";
import { execute } from "./execute.ts";
import { onNewcomer } from "./newcomers.ts";
import {
  type ExecuteReply,
  type Kernel,
  thisPage,
  type WidgetManager,
} from "./page.ts";
import { Requests } from "./requests.ts";

/** How long the kernel must be idle before a request, in milliseconds. A Deno
 * kernel sends the last output of a cell a few milliseconds after the status
 * "idle", as a reply to the latest request. */
const QUIET_MS = 60;

/** Maximum length of a message's code. Jupyter's server closes connections on
 * which it receives a message of more than 10 MiB. */
const MAX_CODE_LENGTH = 9 * 2 ** 20;

/** How long a page may take to close once the user has agreed, in milliseconds: it
 * stays open until the next page has begun to arrive. One that is open for longer
 * reports its views again. */
const STAY_MS = 5000;

/** The statuses of a kernel that loses its state. */
const ENDED = ["restarting", "autorestarting", "terminating", "dead"];

/** The statuses in which messages wait. "unknown" is not among them, as some
 * hosts never report another status. */
const BUSY = ["busy", "starting", ...ENDED];

/** Thrown when the kernel did not handle a message; `message` is the reason. */
export class UplinkError extends Error {
  /** Whether the widget no longer exists in the kernel. */
  readonly gone: boolean;

  /**
   * Creates an error.
   *
   * @param message The kernel's reason.
   */
  constructor(message: string, gone: boolean) {
    super(message);
    this.gone = gone;
  }
}

/**
 * Sends the messages of a notebook's widgets to its kernel: in order, one at a
 * time, and only while the kernel is idle.
 *
 * Some hosts drop requests: Voila does, for example. The channel is unavailable
 * once that is certain, until there is an answer or another connection.
 *
 * Emits "status" when the kernel's status changes, "connected" and
 * "disconnected" for the connection, "availability" when messages stop or begin
 * to be answered, and "end" when the kernel loses its state.
 */
export class Channel extends EventTarget {
  readonly #manager: WidgetManager;
  #queue: Promise<unknown> = Promise.resolve();
  #watched: Kernel | null = null;
  #requests: Requests | undefined;
  #idleSince = 0;
  #views = 0;
  #renewal: ReturnType<typeof setInterval> | undefined;
  /** Whether the page is closing: it must not send anything after it has left. */
  #isClosing = false;
  /** Fires when a page that was about to close has stayed open. */
  #staying: ReturnType<typeof setTimeout> | undefined;
  /** Watches the request that is waiting for a reply. */
  #answer: AnswerWatch | null = null;
  /** Whether the host passes on no requests. */
  #isUnanswered = false;

  private constructor(manager: WidgetManager) {
    super();
    this.#manager = manager;
    addEventListener("pagehide", () => this.#close());
    // The message of that event may be lost, as the connection is closed at once.
    // This one is earlier by a round trip, but the user may stay after all.
    addEventListener("beforeunload", () => {
      this.#close();
      clearTimeout(this.#staying);
      // The browser asks the user before it runs the first timer.
      this.#staying = setTimeout(() => {
        this.#staying = setTimeout(() => this.#stay(), STAY_MS);
      });
    });
    // The browser may bring the page back as it was.
    addEventListener("pageshow", () => this.#stay());
  }

  /** Returns the channel that the widgets of this manager share. */
  static of(manager: WidgetManager): Channel {
    const { channels } = thisPage<Channel>();
    const channel = channels.get(manager) ?? new Channel(manager);
    channels.set(manager, channel);
    return channel;
  }

  /** Counts the views of this notebook's widgets. While there are any, this
   * page renews its lease. */
  countViews(change: number): void {
    this.#views += change;
    clearInterval(this.#renewal);
    if (this.#views === 0) return;
    this.#renewal = setInterval(() => this.#renew(), RENEW_MS);
  }

  /** The kernel, or null if it cannot be reached from this page. */
  get kernel(): Kernel | null {
    const kernel = this.#manager.kernel;
    if (typeof kernel?.requestExecute !== "function") return null;
    if (kernel !== this.#watched) this.#watch(kernel);
    return kernel;
  }

  /** Whether messages reach the kernel, as far as is known. */
  get available(): boolean {
    return this.kernel !== null && !this.#isUnanswered;
  }

  /** Whether the kernel is running code, so that messages wait. */
  get busy(): boolean {
    return BUSY.includes(this.kernel?.status ?? "idle");
  }

  /** Whether the page is connected to the kernel. */
  get connected(): boolean {
    const status = this.kernel?.connectionStatus ?? "connected";
    return status === "connected";
  }

  /**
   * Sends a message after all earlier ones.
   *
   * @param compose Called when the message is due; returns null to send nothing.
   * @throws {UplinkError} If the kernel refuses the message.
   */
  send(compose: () => MessageBody | null): Promise<void> {
    const sent = this.#queue.then(async () => {
      await this.#quiet();
      while (this.#isClosing) await sleep(QUIET_MS);
      if (this.#isUnanswered) throw unanswered();
      const message = compose();
      if (message) await this.#request(message);
    });
    this.#queue = sent.catch(() => {});
    return sent;
  }

  /** Records that an update of a model has arrived. */
  recordUpdate(): void {
    const isBusy = this.busy || !this.connected;
    if (this.#answer?.update(performance.now(), isBusy)) {
      this.#setUnanswered(true);
    }
  }

  #setUnanswered(unanswered: boolean): void {
    if (this.#isUnanswered === unanswered) return;
    this.#isUnanswered = unanswered;
    this.dispatchEvent(new Event("availability"));
  }

  async #request(message: MessageBody): Promise<void> {
    const code = codeFor({ ...message, id: newId() });
    if (code.length > MAX_CODE_LENGTH) {
      throw new UplinkError(
        `Cannot send a message of ${code.length} bytes as Jupyter's limit is ${MAX_CODE_LENGTH}: send less at once`,
        false,
      );
    }
    const { content } = await this.#reply(code);
    if (content.status === "ok") return;
    const { ename = "Error", evalue = "The kernel gave no reason" } = content;
    throw new UplinkError(evalue, ename === GONE);
  }

  /**
   * Runs code until there is a reply. A request that was pending when the
   * connection was lost may not have arrived, so it is sent again; the kernel
   * recognizes the message by its id.
   */
  #reply(code: string): Promise<ExecuteReply> {
    const settled = new AbortController();
    const { signal } = settled;
    // An answer may come after the request has been given up.
    const replied = new AbortController();
    return new Promise<ExecuteReply>((resolve, reject) => {
      const fail = () => reject(this.#noKernel());
      const request = () => {
        if (!this.kernel) return fail();
        this.#answer = new AnswerWatch(performance.now(), code.length);
        // JupyterLab rejects requests that an ended kernel cannot reply to.
        this.#requests?.execute(code, replied.signal).then((reply) => {
          replied.abort();
          this.#setUnanswered(false);
          resolve(reply);
        }, fail);
      };
      const giveUp = () => {
        if (this.#isUnanswered) reject(unanswered());
      };
      this.addEventListener("availability", giveUp, { signal });
      this.addEventListener("end", fail, { signal });
      this.addEventListener("connected", request, { signal });
      request();
    }).finally(() => {
      settled.abort();
      this.#answer = null;
    });
  }

  #noKernel(): UplinkError {
    return this.#watched
      ? new UplinkError("The kernel was shut down or restarted", true)
      : new UplinkError("The kernel cannot be reached from this page", false);
  }

  /** Resolves when the kernel has been idle for long enough. */
  async #quiet(): Promise<void> {
    while (this.kernel) {
      const wait = this.#idleSince + QUIET_MS - performance.now();
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
    this.#idleSince = performance.now();
    this.#requests = new Requests(kernel);
    onNewcomer(kernel, () => {
      this.send(() => ({ method: "newcomer" })).catch(() => {});
    });
    kernel.statusChanged?.connect((_, status) => {
      if (kernel !== this.#watched) return;
      this.#idleSince = performance.now();
      if (ENDED.includes(status)) this.dispatchEvent(new Event("end"));
      this.dispatchEvent(new Event("status"));
    });
    kernel.disposed?.connect(() => {
      // The notebook was closed and its connection is about to be, or the kernel
      // or its server was shut down.
      this.#leave(kernel);
      thisPage<Channel>().channels.delete(this.#manager);
      this.dispatchEvent(new Event("end"));
    });
    kernel.connectionStatusChanged?.connect((_, status) => {
      if (kernel !== this.#watched) return;
      const connected = status === "connected";
      if (connected) this.#setUnanswered(false);
      this.dispatchEvent(new Event(connected ? "connected" : "disconnected"));
      this.dispatchEvent(new Event("status"));
    });
  }

  #renew(): void {
    if (!this.available || !this.connected || this.busy) return;
    const { id: page } = thisPage();
    this.send(() => ({ method: "renew", page })).catch((error) => {
      // The lease has expired, for example while the computer was asleep.
      if (!(error as UplinkError).gone) {
        this.dispatchEvent(new Event("connected"));
      }
    });
  }

  #close(): void {
    this.#isClosing = true;
    this.#leave(this.kernel);
  }

  #stay(): void {
    if (!this.#isClosing) return;
    this.#isClosing = false;
    // Models report their views again.
    this.dispatchEvent(new Event("connected"));
  }

  /** Notifies the kernel that the page is closing, without waiting for it. */
  #leave(kernel: Kernel | null): void {
    const { id: page } = thisPage();
    const code = codeFor({ id: newId(), method: "leave", page });
    if (kernel) execute(kernel, code).catch(() => {});
  }
}

function unanswered(): UplinkError {
  return new UplinkError(
    "Cannot reach the kernel as it answers no request of this page: run code in a cell instead",
    false,
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
