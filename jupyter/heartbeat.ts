import { BEAT_MS } from "./protocol.ts";

/** How soon to look again whether there is something true to say, in ms. */
const RETRY_MS = 250;

/**
 * Tells when a widget has been silent for so long that it must say that it is
 * live: at most one beat every {@linkcode BEAT_MS}, and none while other
 * messages leave.
 */
export class Heartbeat {
  readonly #beat: () => boolean;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param beat Sends the message, and returns true; or returns false as long
   * as it would not be true.
   */
  constructor(beat: () => boolean) {
    this.#beat = beat;
  }

  /** Something was sent, which proves as much as a beat does. */
  sent(): void {
    this.#last = performance.now();
  }

  /** Starts beating; does nothing if it does already. */
  start(): void {
    this.sent();
    this.#timer ??= setTimeout(() => this.#look(), BEAT_MS);
  }

  /** Stops. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const silence = () => performance.now() - this.#last;
    if (silence() >= BEAT_MS && this.#beat()) this.sent();
    const left = BEAT_MS - silence();
    this.#timer = setTimeout(() => this.#look(), left > 0 ? left : RETRY_MS);
  }
}
