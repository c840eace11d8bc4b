import { clearLogs } from "../process/logs/log_file.ts";
import type { ProcessSource, WatchedFiles } from "../process/source.ts";

/**
 * What a view may ask for.
 *
 * - `"pause"`: to stop polling and go on, or to change the interval and the
 *   number of lines.
 * - `"poll"`: to look at the process now.
 * - `"start"`, `"restart"`, `"terminate"`: to start or end the process.
 * - `"clear_logs"`: to empty its log files.
 */
export type Control =
  | "pause"
  | "poll"
  | "start"
  | "restart"
  | "terminate"
  | "clear_logs";

/** Something that was asked for: under way, or failed. */
export type ControlAction = {
  /** What was asked for. */
  readonly control: Control;
  /** What came of it so far. */
  readonly state: "running" | "failed";
  /** Why it failed; null while it has not. */
  readonly reason: string | null;
};

/** What a source can do that is more than a process directory: a handle. */
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
 * The controls that a widget of this source offers.
 *
 * @param wanted Those to offer; by default all that there are.
 * @throws {TypeError} when one of them is none, or none that the source has.
 */
export function checkControls(
  source: ProcessSource,
  wanted: readonly Control[] | undefined,
): readonly Control[] {
  const possible = isActor(source) ? [...WATCHING, ...ACTING] : WATCHING;
  for (const control of wanted ?? []) {
    if (possible.includes(control)) continue;
    throw new TypeError(
      `Cannot offer the control ${
        Deno.inspect(control)
      }: this process can be given ${possible.join(", ")}`,
    );
  }
  return wanted ? possible.filter((one) => wanted.includes(one)) : possible;
}

/** Carries out what views ask for: what is offered, one thing at a time. */
export class Controls {
  readonly #offered: readonly Control[];
  readonly #actions: Partial<Record<Control, () => Promise<unknown>>>;
  readonly #show: (action: ControlAction | null) => void;
  #running: Control | null = null;

  /**
   * @param offered What views may ask for.
   * @param source What is acted on.
   * @param files Its files.
   * @param refresh Looks at the process.
   * @param show Told of each step.
   */
  constructor(
    offered: readonly Control[],
    source: ProcessSource,
    files: WatchedFiles,
    refresh: () => Promise<void>,
    show: (action: ControlAction | null) => void,
  ) {
    this.#offered = offered;
    this.#show = show;
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
   * Begins what a view asks for, as in `{ control: "restart" }`. What comes of
   * it is shown.
   *
   * @throws {Error} when it is not offered, or something else is under way.
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
        `Cannot ${control} while ${this.#running} is under way: try again after it`,
      );
    }
    this.#carryOut(control, action);
  }

  async #carryOut(
    control: Control,
    action: () => Promise<unknown>,
  ): Promise<void> {
    this.#running = control;
    this.#show({ control, state: "running", reason: null });
    try {
      await action();
      this.#show(null);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#show({ control, state: "failed", reason });
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
