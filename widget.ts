import { delay } from "@std/async";
import { css, esm } from "./frontend/dist/widget.ts";
import { AnyWidget } from "./jupyter/mod.ts";
import { checkInterval, DEFAULT_INTERVAL_MS, Poller } from "./poller.ts";
import { QuietFiles } from "./process/files/quiet.ts";
import { checkLines, DEFAULT_LINES } from "./process/logs/tail.ts";
import { ProcessReader } from "./process/reader.ts";
import type { ProcessSnapshot } from "./process/snapshot.ts";
import {
  pathsOf,
  type ProcessSource,
  resolveSource,
} from "./process/source.ts";
import { closeOnAbort } from "./widget/close_on_abort.ts";
import { Controls, resolveControls } from "./widget/controls.ts";
import { renderHtml, summarize } from "./widget/fallback.ts";
import {
  checkPollingActive,
  checkTheme,
  checkWatch,
  type ProcessWidgetOptions,
  writableTraits,
} from "./widget/options.ts";
import { Push } from "./widget/push.ts";
import {
  initialTraits,
  type ProcessTraits,
  snapshotTraits,
} from "./widget/traits.ts";
import { UsageHistory } from "./widget/usage_history.ts";

/** How long displaying waits for the first poll, in milliseconds: a file system
 * that hangs must not keep the cell from finishing. */
const FIRST_POLL_MS = 2000;

/** How often a widget that does not poll checks for deleted logs, in milliseconds. */
const RELEASE_MS = 5000;

/**
 * A live view of a background process.
 *
 * It starts polling when it is created. Once displayed, it polls until it is
 * closed; one that was never displayed stops when it is garbage-collected.
 */
export class ProcessWidget extends AnyWidget<ProcessTraits> {
  readonly #polling: Polling;

  /**
   * Creates a widget and starts polling.
   *
   * @throws {TypeError} If the source or an option is invalid.
   * @throws {RangeError} If the interval or the number of lines is out of range.
   */
  constructor(source: ProcessSource, options: ProcessWidgetOptions = {}) {
    const interval = checkInterval(options.interval ?? DEFAULT_INTERVAL_MS);
    const theme = checkTheme(options.theme ?? "auto");
    const watch = checkWatch(options.watch ?? false);
    const files = resolveSource(source);
    const controls = resolveControls(source, options.controls);
    const { lines = DEFAULT_LINES } = options;
    const quiet = new QuietFiles(files.processDir, pathsOf(files));
    const reader = new ProcessReader(files, { lines, quiet });
    const polling = new Polling(reader, quiet);
    super({
      id: "process-widget",
      esm,
      css,
      traits: initialTraits(files, {
        theme,
        polling_interval: interval / 1000,
        lines,
        controls,
      }),
      sliding: {
        stdout_lines: "stdout_first",
        stderr_lines: "stderr_first",
        usage_history: "usage_first",
      },
      writable: writableTraits(controls),
      checks: {
        theme: checkTheme,
        polling_active: checkPollingActive,
        polling_interval: (seconds) =>
          checkInterval(
            typeof seconds === "number" ? seconds * 1000 : seconds,
          ) / 1000,
        lines: checkLines,
      },
      heartbeat: () => polling.isCurrent(),
      ready: () => polling.ready(),
      fallback: (traits) => ({
        "text/plain": summarize(traits),
        "text/html": renderHtml(traits, new Date()),
      }),
      onViewsChange: (views) => polling.visible = views > 0,
    });
    this.#polling = polling;
    polling.begin(interval, watch, new WeakRef(this));
    collected.register(this, polling);
    closeOnAbort(options.signal, new WeakRef(this), polling.signal);
    const requests = new Controls(
      controls,
      source,
      files,
      () => this.refresh(),
      (action) => this.set("action", action),
    );
    this.on("msg:custom", (content) => requests.request(content));
    this.on("change:polling_active", ({ value }) => polling.active = value);
    this.on("change:polling_interval", ({ value }) => {
      polling.interval = value * 1000;
    });
    this.on("change:lines", ({ value }) => {
      reader.lines = value;
      this.refresh();
    });
  }

  /** Polls now, even while paused; resolves when the traits are up to date. */
  refresh(): Promise<void> {
    return this.#polling.refresh();
  }

  /** Stops polling until {@linkcode resume}; views show that it is paused. */
  pause(): void {
    this.set("polling_active", false);
  }

  /** Resumes polling, starting now. */
  resume(): void {
    this.set("polling_active", true);
  }

  /** Stops polling and removes the widget from the page. Idempotent. */
  override close(): void {
    this.#polling.end();
    super.close();
  }

  /** Summarizes the process in one line. */
  override toString(): string {
    return summarize(this.all());
  }
}

/**
 * Shows a background process live: whether it is alive and healthy, and what
 * it prints.
 *
 * @param source A process directory, an object that has one, or the single
 * files of any daemon.
 * @throws {TypeError} If the source or an option is invalid.
 * @throws {RangeError} If the interval or the number of lines is out of range.
 *
 * @example A process directory
 * ```ts no-eval
 * import { processWidget } from "@process-widget/process-widget";
 *
 * processWidget("./my-process");
 * ```
 *
 * @example Any daemon
 * ```ts no-eval
 * import { processWidget } from "@process-widget/process-widget";
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

/** Ends the polling of widgets that were garbage-collected. */
const collected = new FinalizationRegistry<Polling>((polling) => polling.end());

/**
 * Polls a process for a widget while it is active and somebody can see it.
 * Refers to the widget weakly, so that it can be garbage-collected.
 */
class Polling {
  readonly #reader: ProcessReader;
  readonly #quiet: QuietFiles;
  readonly #end = new AbortController();
  readonly #firstPoll = Promise.withResolvers<void>();
  #poller: Poller<ProcessSnapshot> | null = null;
  #push: Push | null = null;
  #active = true;
  #visible = true;
  #releases: ReturnType<typeof setInterval> | undefined;
  /** When the last poll ended, on the monotonic clock. */
  #polledAt = performance.now();

  constructor(reader: ProcessReader, quiet: QuietFiles) {
    this.#reader = reader;
    this.#quiet = quiet;
  }

  /** Aborts when polling ends. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

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

  /** Begins to poll into the traits of a widget. */
  begin(
    interval: number,
    watch: boolean,
    widget: WeakRef<ProcessWidget>,
  ): void {
    const history = new UsageHistory();
    const update = (traits: Partial<ProcessTraits>) => {
      this.#polledAt = performance.now();
      widget.deref()?.update(traits);
      this.#firstPoll.resolve();
    };
    if (watch) {
      this.#push = new Push({
        watch: (onChange) => this.#quiet.share(onChange),
        poll: () => this.refresh(),
        onObstacle: (watch_notice) => widget.deref()?.update({ watch_notice }),
      });
      this.#push.start();
    }
    this.#poller = new Poller({
      interval,
      signal: this.signal,
      poll: () => this.#reader.read({ usage: !this.#push?.begin() }),
      onSnapshot: (snapshot) => {
        this.#push?.polled(snapshot);
        // A pushed poll measures no usage.
        const measured = this.#push?.isPushed ? null : snapshot.usage;
        const usage = history.add(Date.now(), measured);
        update({
          ...snapshotTraits(snapshot),
          usage_first: usage.first,
          usage_history: usage.samples,
        });
      },
      onError: (error) =>
        update({ error: `Cannot poll the process: ${error}` }),
    });
  }

  /** Polls now. */
  async refresh(): Promise<void> {
    this.#reader.expire();
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
    this.#push?.stop();
    clearInterval(this.#releases);
    this.#reader.close();
    this.#firstPoll.resolve();
  }

  #startOrStop(): void {
    clearInterval(this.#releases);
    if (this.#end.signal.aborted) return;
    if (this.#active && this.#visible) {
      this.#push?.start();
      return this.#poller?.start();
    }
    this.#push?.stop();
    this.#poller?.stop();
    this.#reader.rest();
    // A log that is kept open keeps its space after it was deleted.
    this.#releases = setInterval(
      () => this.#reader.releaseDeletedLogs(),
      RELEASE_MS,
    );
    Deno.unrefTimer(this.#releases);
  }
}
