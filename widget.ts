import { delay } from "@std/async";
import {
  checkControls,
  type Control,
  type ControlAction,
  Controls,
} from "./process/controls.ts";
import css from "./frontend/dist/widget.css" with { type: "text" };
import esm from "./frontend/dist/widget.js" with { type: "text" };
import { htmlOf, summaryOf } from "./frontend/fallback.ts";
import { AnyWidget, type MediaBundle } from "./jupyter/any_widget.ts";
import { checkInterval, DEFAULT_INTERVAL_MS, Poller } from "./poller.ts";
import type { ExitReason } from "./process/exit.ts";
import { checkLines, DEFAULT_LINES } from "./process/log_tail.ts";
import { ProcessReader } from "./process/reader.ts";
import type { ProcessSnapshot, ProcessStatus } from "./process/snapshot.ts";
import { type ProcessSource, resolveSource } from "./process/source.ts";
import { formatUptime } from "./process/uptime.ts";
import { UsageHistory, type UsageSample } from "./process/usage_history.ts";

/** Which palette a widget uses; "auto" follows the page it is shown on. */
export type Theme = "auto" | "light" | "dark";

/** The streams that a process prints to. */
export type Stream = "stdout" | "stderr";

export type { Control, ControlAction, UsageSample };

/** What a {@linkcode ProcessWidget} shows, as the front end sees it. */
export type ProcessTraits = {
  /** The process's name. */
  name: string;
  /** The process directory, or "" for a process watched by single files. */
  process_dir: string;
  /** How the process is doing; "unknown" until the first poll. */
  status: ProcessStatus;
  /** The process id, or null when it is not running. */
  pid: number | null;
  /** How long it has been running, as in "3h 12m"; "-" when it is not. */
  uptime: string;
  /** When it started, in epoch milliseconds; null when it is not running. */
  started_at: number | null;
  /** The command and its arguments; null when not known. */
  command: readonly string[] | null;
  /** How long it may run, in seconds; null for as long as it likes. */
  ttl_seconds: number | null;
  /** The code it exited with; null when it runs, or a signal ended it. */
  exit_code: number | null;
  /** The signal that ended it, as in "SIGTERM", or null. */
  exit_signal: string | null;
  /** When it ended, in epoch milliseconds; null when it runs, or nothing tells. */
  exited_at: number | null;
  /** Whether it was asked to end, and by what; null when it runs, or nothing tells. */
  exit_reason: ExitReason | null;
  /** The status of its last health report, or null when there is none. */
  health_status: string | null;
  /** The message of its last health report, or null when it has none. */
  health_message: string | null;
  /** When that report was made, in epoch milliseconds; null when it does not say. */
  health_timestamp: number | null;
  /** Whatever else it tells, or null when it tells nothing else. */
  health_details: Readonly<Record<string, unknown>> | null;
  /** The CPU time that it and its children take, in per cent of one core. */
  cpu_percent: number | null;
  /** The memory that it and its children hold, in bytes. */
  memory_bytes: number | null;
  /** What it took in the last 2 minutes, at most one sample a second, oldest first. */
  usage_history: readonly UsageSample[];
  /** Which streams are read from a file. */
  streams: readonly Stream[];
  /** The last lines of its standard output. */
  stdout_lines: readonly string[];
  /** The last lines of its standard error. */
  stderr_lines: readonly string[];
  /** The palette. */
  theme: Theme;
  /** Whether the process is being polled; false pauses. */
  polling_active: boolean;
  /** Seconds between two polls. */
  polling_interval: number;
  /** How many lines of each log are kept. */
  lines: number;
  /** What views may ask for. */
  controls: readonly Control[];
  /** What a view has asked for and is under way or has failed, or null. */
  action: ControlAction | null;
  /** What cannot be read and what to do about it; null when all is well. */
  error: string | null;
};

/** Options of {@linkcode processWidget}. */
export interface ProcessWidgetOptions {
  /** Milliseconds from one poll to the next, 50 or more. Default 1000. */
  interval?: number;
  /** How many lines of each log to show, 0 to 10,000. Default 20. */
  lines?: number;
  /** The palette. Default "auto", which follows the page. */
  theme?: Theme;
  /**
   * What views may ask for, `[]` for nothing. Default: all that the source can
   * do; only a handle can start and end its process and clear its logs.
   */
  controls?: readonly Control[];
  /** Closes the widget. */
  signal?: AbortSignal;
}

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
      traits: {
        name: files.name,
        process_dir: files.processDir ?? "",
        status: "unknown",
        pid: null,
        uptime: "-",
        started_at: null,
        command: null,
        ttl_seconds: null,
        exit_code: null,
        exit_signal: null,
        exited_at: null,
        exit_reason: null,
        health_status: null,
        health_message: null,
        health_timestamp: null,
        health_details: null,
        cpu_percent: null,
        memory_bytes: null,
        usage_history: [],
        streams: STREAMS.filter((stream) => files[stream] !== null),
        stdout_lines: [],
        stderr_lines: [],
        theme,
        polling_active: true,
        polling_interval: interval / 1000,
        lines,
        controls,
        action: null,
        error: null,
      },
      sliding: ["stdout_lines", "stderr_lines", "usage_history"],
      writable: writableBy(controls),
      heartbeat: true,
      checks: {
        theme: checkTheme,
        polling_active: checkBoolean,
        polling_interval: (seconds) =>
          checkInterval(Number(seconds) * 1000) / 1000,
        lines(lines) {
          checkLines(lines);
          return lines as number;
        },
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

  /** Without a view there is nobody to poll for, until one comes back. */
  protected override onViews(views: number): void {
    this.#unseen = views === 0;
    this.#startOrStop();
  }

  /** Whether the last look at the process is as new as the interval promises. */
  protected override isCurrent(): boolean {
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
  protected override async ready(): Promise<void> {
    this.#unseen = false;
    this.#startOrStop();
    const waiting = new AbortController();
    const timeout = delay(FIRST_POLL_MS, { signal: waiting.signal });
    await Promise.race([this.#firstPoll, timeout.catch(() => {})]);
    waiting.abort();
  }

  /** What places show that have no widgets, by MIME type. */
  protected override fallback(): MediaBundle {
    return {
      "text/plain": this.toString(),
      "text/html": htmlOf(this.all(), new Date()),
    };
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

function traitsOf(snapshot: ProcessSnapshot): Partial<ProcessTraits> {
  const { startedAt, exit, health, usage } = snapshot;
  return {
    name: snapshot.name,
    status: snapshot.status,
    pid: snapshot.pid,
    uptime: startedAt === null ? "-" : formatUptime(Date.now() - startedAt),
    started_at: startedAt,
    command: snapshot.command,
    ttl_seconds: snapshot.ttlSeconds,
    exit_code: exit?.code ?? null,
    exit_signal: exit?.signal ?? null,
    exited_at: exit?.exitedAt ?? null,
    exit_reason: exit?.reason ?? null,
    health_status: health?.status ?? null,
    health_message: health?.message ?? null,
    health_timestamp: health?.timestamp ?? null,
    health_details: health?.details ?? null,
    cpu_percent: usage?.cpuPercent ?? null,
    memory_bytes: usage?.memoryBytes ?? null,
    stdout_lines: snapshot.stdoutLines,
    stderr_lines: snapshot.stderrLines,
    error: snapshot.error,
  };
}

const STREAMS: readonly Stream[] = ["stdout", "stderr"];
const THEMES: readonly unknown[] = ["auto", "light", "dark"] satisfies Theme[];

function checkTheme(theme: unknown): Theme {
  if (THEMES.includes(theme)) return theme as Theme;
  throw new TypeError(
    `Cannot show a process as 'theme' must be "auto", "light" or "dark": current value is ${
      Deno.inspect(theme)
    }`,
  );
}

/** The traits that a page may set when it is offered these controls. */
function writableBy(
  controls: readonly Control[],
): readonly (keyof ProcessTraits)[] {
  return [
    ...controls.includes("pause") ? ["polling_active"] as const : [],
    ...controls.includes("settings")
      ? ["polling_interval", "lines"] as const
      : [],
  ];
}

function checkBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `Cannot pause or resume as 'polling_active' must be true or false: current value is ${
      Deno.inspect(value)
    }`,
  );
}
