import { HEARTBEAT_MS } from "./protocol.ts";

/** How soon to retry a heartbeat that could not be sent, in milliseconds. */
const RETRY_MS = 250;

/**
 * Sends a heartbeat when a widget has sent nothing else for
 * {@linkcode HEARTBEAT_MS}.
 */
export class Heartbeat {
  readonly #send: () => boolean;
  #lastSent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Creates a heartbeat that is stopped.
   *
   * @param send Sends the message and returns true, or returns false if the
   * widget's traits are not current.
   */
  constructor(send: () => boolean) {
    this.#send = send;
  }

  /** Postpones the next heartbeat as another message was sent. */
  postpone(): void {
    this.#lastSent = performance.now();
  }

  /** Starts; does nothing if it is running. */
  start(): void {
    this.postpone();
    this.#timer ??= setTimeout(() => this.#check(), HEARTBEAT_MS);
  }

  /** Stops until the next {@linkcode start}. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    const silence = () => performance.now() - this.#lastSent;
    if (silence() >= HEARTBEAT_MS && this.#send()) this.postpone();
    const left = HEARTBEAT_MS - silence();
    this.#timer = setTimeout(() => this.#check(), left > 0 ? left : RETRY_MS);
  }
}
