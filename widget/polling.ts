/** When a widget polls: while it is active and somebody can see it. */
import { delay } from "@std/async";
import { checkInterval, Poller } from "../poller.ts";
import { closeOnAbort } from "./close_on_abort.ts";

/** How long displaying waits for the first poll, in milliseconds: a file system
 * that hangs must not keep the cell from finishing. */
const FIRST_POLL_MS = 2000;

/** What a {@linkcode WidgetPolling} does. */
export interface PollingActions<T> {
  /** Polls once. */
  readonly poll: () => Promise<T>;
  /** Receives the result of each poll. */
  readonly onSnapshot: (snapshot: T) => void;
  /** Receives what `poll` or `onSnapshot` threw; polling continues. */
  readonly onError: (error: unknown) => void;
  /** Called when polling starts again; it may be running already. */
  readonly onStart?: () => void;
  /** Called when polling stops, until it starts again. */
  readonly onStop: () => void;
  /** Called when polling ends for good. */
  readonly onEnd: () => void;
}

/** Ends the polling of widgets that were garbage-collected. */
const collected = new FinalizationRegistry<{ end(): void }>((polling) =>
  polling.end()
);

/**
 * Polls for a widget while it is active and somebody can see it. Neither it nor its
 * actions may refer to the widget, so that it can be garbage-collected.
 */
export class WidgetPolling<T> {
  readonly #end = new AbortController();
  readonly #firstPoll = Promise.withResolvers<void>();
  #poller: Poller<T> | null = null;
  #actions: PollingActions<T> | null = null;
  #active = true;
  #visible = true;
  /** When the last poll ended, on the monotonic clock. */
  #polledAt = performance.now();

  set active(active: boolean) {
    this.#active = active;
    this.#startOrStop();
  }

  /** False if all views have disappeared: nobody sees the result of a poll. */
  set visible(visible: boolean) {
    this.#visible = visible;
    this.#startOrStop();
  }

  set interval(ms: number) {
    if (this.#poller) this.#poller.interval = ms;
  }

  /** Begins to poll. */
  begin(interval: number, actions: PollingActions<T>): void {
    this.#actions = actions;
    const polled = () => {
      this.#polledAt = performance.now();
      this.#firstPoll.resolve();
    };
    this.#poller = new Poller<T>({
      interval,
      signal: this.#end.signal,
      poll: actions.poll,
      onSnapshot: (snapshot) => {
        actions.onSnapshot(snapshot);
        polled();
      },
      onError: (error) => {
        actions.onError(error);
        polled();
      },
    });
  }

  /** Ends with a widget: when it is garbage-collected, or closed by a signal. */
  follow(
    widget: WeakKey & { close(): void },
    signal: AbortSignal | undefined,
  ): void {
    collected.register(widget, this);
    closeOnAbort(signal, new WeakRef(widget), this.#end.signal);
  }

  /** Polls now. */
  async refresh(): Promise<void> {
    await this.#poller?.refresh();
  }

  /** Resolves after the first poll, so that what is displayed first is true. */
  async ready(): Promise<void> {
    this.visible = true;
    const waiting = new AbortController();
    const timeout = delay(FIRST_POLL_MS, { signal: waiting.signal });
    await Promise.race([this.#firstPoll.promise, timeout.catch(() => {})]);
    waiting.abort();
  }

  /** Returns whether the traits are as recent as the interval promises. */
  isCurrent(): boolean {
    if (!this.#poller?.running) return true;
    const age = performance.now() - this.#polledAt;
    return age < 2 * this.#poller.interval + 1000;
  }

  /** Ends polling for good. Idempotent. */
  end(): void {
    this.#end.abort();
    this.#actions?.onEnd();
    this.#firstPoll.resolve();
  }

  #startOrStop(): void {
    if (this.#end.signal.aborted) return;
    if (this.#active && this.#visible) {
      this.#actions?.onStart?.();
      return this.#poller?.start();
    }
    this.#poller?.stop();
    this.#actions?.onStop();
  }
}

/**
 * Returns a valid value of `polling_interval`, in seconds, unchanged.
 *
 * @throws {TypeError | RangeError} If it is not a number in the range of a poller.
 */
export function checkPollingInterval(seconds: unknown): number {
  const ms = typeof seconds === "number" ? seconds * 1000 : seconds;
  return checkInterval(ms) / 1000;
}
