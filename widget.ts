import { delay } from "@std/async";
import css from "./frontend/dist/widget.css" with { type: "text" };
import esm from "./frontend/dist/widget.js" with { type: "text" };
import { htmlOf, summaryOf } from "./widget/fallback.ts";
import { AnyWidget } from "./jupyter/any_widget.ts";
import { checkInterval, DEFAULT_INTERVAL_MS, Poller } from "./poller.ts";
import { checkControls, Controls } from "./widget/controls.ts";
import { checkLines, DEFAULT_LINES } from "./process/logs/tail.ts";
import { ProcessReader } from "./process/reader.ts";
import {
  checkPollingActive,
  checkTheme,
  type ProcessWidgetOptions,
  writableBy,
} from "./widget/options.ts";
import { type ProcessSource, resolveSource } from "./process/source.ts";
import { firstTraits, type ProcessTraits, traitsOf } from "./widget/traits.ts";
import { UsageHistory } from "./widget/usage_history.ts";

export type { Control, ControlAction } from "./widget/controls.ts";
export type { Stream, Theme } from "./widget/traits.ts";
export type { UsageSample } from "./widget/usage_history.ts";
export type { ProcessTraits, ProcessWidgetOptions };

/** How long displaying waits for the first poll, in milliseconds. A file
 * system that hangs must not keep the cell from ending. */
const FIRST_POLL_MS = 2000;

/**
 * A live view of a background process.
 *
 * It starts polling when it is made. Once displayed it polls until it is
 * closed; one that was never displayed stops when it is garbage-collected.
 */
export class ProcessWidget extends AnyWidget<ProcessTraits> {
  readonly #poller: Poller;
  readonly #end = new AbortController();
  readonly #firstPoll: Promise<void>;
  readonly #looked: LastLook;
  /** Whether all views have gone, so that nobody sees what polling finds. */
  #unseen = false;

  /**
   * Makes a widget and starts polling.
   *
   * @throws {TypeError} when the source, the theme or the type of an option is
   * none that a widget can work with.
   * @throws {RangeError} when the interval or the number of lines is out of
   * range.
   */
  constructor(source: ProcessSource, options: ProcessWidgetOptions = {}) {
    const interval = checkInterval(options.interval ?? DEFAULT_INTERVAL_MS);
    const theme = checkTheme(options.theme ?? "auto");
    const files = resolveSource(source);
    const controls = checkControls(source, options.controls);
    const { lines = DEFAULT_LINES } = options;
    const reader = new ProcessReader(files, { lines });
    super({
      id: "process-widget",
      esm,
      css,
      traits: firstTraits(files, {
        theme,
        polling_interval: interval / 1000,
        lines,
        controls,
      }),
      writable: writableBy(controls),
      heartbeat: () => this.#isCurrent(),
      ready: () => this.#ready(),
      fallback: (traits) => ({
        "text/plain": summaryOf(traits),
        "text/html": htmlOf(traits, new Date()),
      }),
      onViewsChange: (views) => {
        this.#unseen = views === 0;
        this.#startOrStop();
      },
      checks: {
        theme: checkTheme,
        polling_active: checkPollingActive,
        polling_interval: (seconds) =>
          checkInterval(Number(seconds) * 1000) / 1000,
        lines: checkLines,
      },
    });
    const widget = new WeakRef<ProcessWidget>(this);
    const end = this.#end.signal;
    this.#looked = { at: performance.now() };
    ({ poller: this.#poller, firstPoll: this.#firstPoll } = pollInto(
      widget,
      reader,
      interval,
      end,
      this.#looked,
    ));
    closeWith(options.signal, widget, end);
    collected.register(this, this.#end);
    this.on("change:polling_active", () => this.#startOrStop());
    this.on("change:lines", ({ value }) => {
      reader.lines = value;
      this.refresh();
    });
    const requests = new Controls(
      controls,
      source,
      files,
      () => this.refresh(),
      (action) => this.set("action", action),
    );
    this.on("msg:custom", (content) => requests.request(content));
    this.on("change:polling_interval", ({ value }) => {
      this.#poller.interval = value * 1000;
    });
  }

  /** Polls now, also while paused; resolves when the traits are up to date. */
  refresh(): Promise<void> {
    return this.#poller.refresh();
  }

  /** Stops polling until {@linkcode resume}; the view says so. */
  pause(): void {
    this.set("polling_active", false);
  }

  /** Polls again, starting now. */
  resume(): void {
    this.set("polling_active", true);
  }

  /** Stops polling and takes the widget out of the page. Idempotent. */
  override close(): void {
    this.#end.abort();
    super.close();
  }

  /** The process in one line of text. */
  override toString(): string {
    return summaryOf(this.all());
  }

  /** Whether the last look at the process is as new as the interval promises. */
  #isCurrent(): boolean {
    const { at } = this.#looked;
    const age = performance.now() - at;
    return !this.#poller.running || age < 2 * this.#poller.interval + 1000;
  }

  #startOrStop(): void {
    const { polling_active } = this.all();
    if (polling_active && !this.#unseen) this.#poller.start();
    else this.#poller.stop();
  }

  /** Resolves after the first poll, so that the first picture is true. */
  async #ready(): Promise<void> {
    this.#unseen = false;
    this.#startOrStop();
    const waiting = new AbortController();
    const timeout = delay(FIRST_POLL_MS, { signal: waiting.signal });
    await Promise.race([this.#firstPoll, timeout.catch(() => {})]);
    waiting.abort();
  }
}

/**
 * Shows a background process live: whether it is alive and healthy, and what
 * it prints.
 *
 * @param source A process directory, something that has one, or the single
 * files of any daemon.
 * @throws {TypeError} when the source, the theme or the type of an option is
 * none that a widget can work with.
 * @throws {RangeError} when the interval or the number of lines is out of range.
 *
 * @example A process directory
 * ```ts no-eval
 * import { processWidget } from "./mod.ts";
 *
 * processWidget("./my-process");
 * ```
 *
 * @example Any daemon
 * ```ts no-eval
 * import { processWidget } from "./mod.ts";
 *
 * processWidget({
 *   name: "nginx",
 *   pidFile: "/run/nginx.pid",
 *   stdout: "/var/log/nginx/access.log",
 *   stderr: "/var/log/nginx/error.log",
 * });
 * ```
 */
export function processWidget(
  source: ProcessSource,
  options: ProcessWidgetOptions = {},
): ProcessWidget {
  return new ProcessWidget(source, options);
}

/** When a process was last looked at, on the monotonic clock. */
interface LastLook {
  at: number;
}

/** Ends the polling of widgets that nobody has any more. */
const collected = new FinalizationRegistry<AbortController>((end) =>
  end.abort()
);

/**
 * Polls a process into a widget until the signal aborts. Outside the widget's
 * constructor, as closures made there would hold on to the widget.
 */
function pollInto(
  widget: WeakRef<ProcessWidget>,
  reader: ProcessReader,
  interval: number,
  signal: AbortSignal,
  looked: LastLook,
): { poller: Poller; firstPoll: Promise<void> } {
  const { promise: firstPoll, resolve: told } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => {
    reader[Symbol.dispose]();
    told();
  });
  const history = new UsageHistory();
  const poller = new Poller({
    interval,
    signal,
    take: () => reader.read(),
    onSnapshot(snapshot) {
      looked.at = performance.now();
      widget.deref()?.update({
        ...traitsOf(snapshot),
        usage_history: history.add(Date.now(), snapshot.usage),
      });
      told();
    },
    onError(error) {
      looked.at = performance.now();
      widget.deref()?.set("error", `Cannot poll the process: ${error}`);
      told();
    },
  });
  return { poller, firstPoll };
}

/** Closes a widget on the caller's signal without the signal holding it. */
function closeWith(
  signal: AbortSignal | undefined,
  widget: WeakRef<ProcessWidget>,
  ended: AbortSignal,
): void {
  const close = () => widget.deref()?.close();
  if (signal?.aborted) close();
  else signal?.addEventListener("abort", close, { once: true, signal: ended });
}
