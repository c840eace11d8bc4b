/** What views may request of a process, and how it is refused or carried out. */
import { clearLogs } from "../process/logs/log_file.ts";
import type { ProcessSource, WatchedFiles } from "../process/source.ts";

/**
 * Something that a view may request.
 *
 * - `"pause"`: pausing and resuming polling, and changing the interval and the
 *   number of lines.
 * - `"poll"`: polling now.
 * - `"start"`, `"restart"`, `"terminate"`: starting and ending the process.
 * - `"clear_logs"`: truncating its log files.
 */
export type Control =
  | "pause"
  | "poll"
  | "start"
  | "restart"
  | "terminate"
  | "clear_logs";

/** A requested action that is running, or has failed. */
export type ControlAction = {
  /** What was requested. */
  readonly control: Control;
  /** Whether it is running or has failed. */
  readonly state: "running" | "failed";
  /** Why it failed; null while it is running. */
  readonly reason: string | null;
};

/** A source that can act on its process: a handle. */
interface Actor {
  start(): Promise<unknown>;
  restart(): Promise<unknown>;
  terminate(): Promise<unknown>;
}

const WATCHING: readonly Control[] = ["pause", "poll"];
const ACTING: readonly Control[] = [
  "start",
  "restart",
  "terminate",
  "clear_logs",
];

/**
 * Returns the controls that a widget of this source offers.
 *
 * @param wanted The controls to offer. Default: all that the source supports.
 * @throws {TypeError} If one of them is unknown or not supported by the source.
 */
export function resolveControls(
  source: ProcessSource,
  wanted: readonly Control[] | undefined,
): readonly Control[] {
  const supported = isActor(source) ? [...WATCHING, ...ACTING] : WATCHING;
  for (const control of wanted ?? []) {
    if (supported.includes(control)) continue;
    throw new TypeError(
      `Cannot offer the control ${
        Deno.inspect(control)
      }: this source supports ${supported.join(", ")}`,
    );
  }
  return wanted ? supported.filter((one) => wanted.includes(one)) : supported;
}

/** Carries out the requests of views: only what is offered, one at a time. */
export class Controls {
  readonly #offered: readonly Control[];
  readonly #actions: Partial<Record<Control, () => Promise<unknown>>>;
  readonly #onChange: (action: ControlAction | null) => void;
  #running: Control | null = null;

  /**
   * @param offered What views may request.
   * @param source What the actions act on.
   * @param files The files of the source.
   * @param refresh Polls the process.
   * @param onChange Called with the action when it begins or fails, and with
   * null when it succeeds.
   */
  constructor(
    offered: readonly Control[],
    source: ProcessSource,
    files: WatchedFiles,
    refresh: () => Promise<void>,
    onChange: (action: ControlAction | null) => void,
  ) {
    this.#offered = offered;
    this.#onChange = onChange;
    this.#actions = { poll: refresh };
    if (!isActor(source)) return;
    Object.assign(this.#actions, {
      start: () => source.start().then(refresh),
      restart: () => source.restart().then(refresh),
      terminate: () => source.terminate().then(refresh),
      clear_logs: () => clearLogs(files).then(refresh),
    });
  }

  /**
   * Begins what a view requests, as in `{ control: "restart" }`.
   *
   * @throws {Error} If it is not offered, or another action is running.
   */
  request(content: unknown): void {
    const control = (content as { control?: Control } | null)?.control;
    const action = control && this.#offered.includes(control)
      ? this.#actions[control]
      : undefined;
    if (!control || !action) {
      throw new Error(
        `Cannot do ${Deno.inspect(control)} as it is not offered: offered is ${
          this.#offered.join(", ") || "nothing"
        }`,
      );
    }
    if (this.#running) {
      throw new Error(
        `Cannot ${control} while ${this.#running} is running: try again when it has finished`,
      );
    }
    this.#carryOut(control, action);
  }

  async #carryOut(
    control: Control,
    action: () => Promise<unknown>,
  ): Promise<void> {
    this.#running = control;
    this.#onChange({ control, state: "running", reason: null });
    try {
      await action();
      this.#onChange(null);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#onChange({ control, state: "failed", reason });
    } finally {
      this.#running = null;
    }
  }
}

function isActor(source: ProcessSource): source is ProcessSource & Actor {
  const { start, restart, terminate } = source as Partial<Actor>;
  return [start, restart, terminate].every((member) =>
    typeof member === "function"
  );
}
