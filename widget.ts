import { css, esm } from "./frontend/dist/widget.ts";
import { AnyWidget } from "./jupyter/mod.ts";
import { checkInterval, DEFAULT_INTERVAL_MS } from "./poller.ts";
import { QuietFiles } from "./process/files/quiet.ts";
import { checkLines, DEFAULT_LINES } from "./process/logs/tail.ts";
import { ProcessReader } from "./process/reader.ts";
import type { ProcessSnapshot } from "./process/snapshot.ts";
import {
  pathsOf,
  type ProcessSource,
  resolveSource,
} from "./process/source.ts";
import { Controls, resolveControls } from "./widget/controls.ts";
import { renderHtml, summarize } from "./widget/fallback.ts";
import {
  checkPollingActive,
  checkTheme,
  checkWatch,
  type ProcessWidgetOptions,
  writableTraits,
} from "./widget/options.ts";
import {
  checkPollingInterval,
  type PollingActions,
  WidgetPolling,
} from "./widget/polling.ts";
import { Push } from "./widget/push.ts";
import {
  initialTraits,
  type ProcessTraits,
  snapshotTraits,
} from "./widget/traits.ts";
import { UsageHistory } from "./widget/usage_history.ts";

/** How often a widget that does not poll checks for deleted logs, in milliseconds. */
const RELEASE_MS = 5000;

/**
 * A live view of a background process.
 *
 * It starts polling when it is created. Once displayed, it polls until it is
 * closed; one that was never displayed stops when it is garbage-collected.
 */
export class ProcessWidget extends AnyWidget<ProcessTraits> {
  readonly #polling: WidgetPolling<ProcessSnapshot>;
  readonly #reader: ProcessReader;

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
    const polling = new WidgetPolling<ProcessSnapshot>();
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
        polling_interval: checkPollingInterval,
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
    this.#reader = reader;
    const push = watch
      ? pushInto(new WeakRef(this), polling, reader, quiet)
      : null;
    polling.begin(interval, pollInto(new WeakRef(this), reader, push));
    polling.follow(this, options.signal);
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
    this.#reader.expire();
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

/** Polls a widget's process at once when a file changes. */
function pushInto(
  widget: WeakRef<ProcessWidget>,
  polling: WidgetPolling<ProcessSnapshot>,
  reader: ProcessReader,
  quiet: QuietFiles,
): Push {
  const push = new Push({
    watch: (onChange) => quiet.share(onChange),
    poll: () => {
      reader.expire();
      polling.refresh();
    },
    onObstacle: (watch_notice) => widget.deref()?.update({ watch_notice }),
  });
  push.start();
  return push;
}

/** Returns how a process is polled into the traits of a widget. */
function pollInto(
  widget: WeakRef<ProcessWidget>,
  reader: ProcessReader,
  push: Push | null,
): PollingActions<ProcessSnapshot> {
  const history = new UsageHistory();
  let releases: ReturnType<typeof setInterval> | undefined;
  return {
    poll: () => reader.read({ usage: !push?.begin() }),
    onSnapshot(snapshot) {
      push?.polled(snapshot);
      // A pushed poll measures no usage.
      const measured = push?.isPushed ? null : snapshot.usage;
      const usage = history.add(Date.now(), measured);
      widget.deref()?.update({
        ...snapshotTraits(snapshot),
        usage_first: usage.first,
        usage_history: usage.samples,
      });
    },
    onError: (error) =>
      widget.deref()?.update({ error: `Cannot poll the process: ${error}` }),
    onStart() {
      clearInterval(releases);
      push?.start();
    },
    onStop() {
      clearInterval(releases);
      push?.stop();
      reader.rest();
      // A log that is kept open keeps its space after it was deleted.
      releases = setInterval(() => reader.releaseDeletedLogs(), RELEASE_MS);
      Deno.unrefTimer(releases);
    },
    onEnd() {
      clearInterval(releases);
      push?.stop();
      reader.close();
    },
  };
}
