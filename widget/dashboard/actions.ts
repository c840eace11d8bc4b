import { clearLogs } from "../../process/logs/log_file.ts";
import type { RowPoller } from "./row.ts";
import type { RowAction, RowControl, RowId } from "./traits.ts";

/** How many actions run at a time: each may start a process. */
const PARALLEL = 8;

/** What {@linkcode Actions} act on and report to. */
export interface ActionOptions {
  /** Returns the row with this id, if there is one. */
  readonly rowOf: (id: RowId) => RowPoller | undefined;
  /** Called when the action of a row has changed. */
  readonly onChange: (row: RowPoller) => void;
  /** Called when an action has ended. */
  readonly onEnd: () => void;
}

/** Carries out what views request of processes: only what each of them offers. */
export class Actions {
  readonly #options: ActionOptions;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(options: ActionOptions) {
    this.#options = options;
  }

  /**
   * Begins an action on processes; it then shows on their rows. Rows that have left
   * are ignored.
   *
   * @throws {Error} If one of the processes does not offer it, or another action on
   * it is running; then nothing begins.
   */
  request(control: RowControl, ids: readonly RowId[]): void {
    const rows = ids.flatMap((id) => this.#options.rowOf(id) ?? []);
    for (const { row } of rows) {
      if (!row.controls.includes(control)) {
        throw new Error(
          `Cannot ${
            describe(control)
          } '${row.name}' as it is not offered: offered is ${
            row.controls.join(", ") || "nothing"
          }`,
        );
      }
      if (row.action?.state === "running") {
        throw new Error(
          `Cannot ${
            describe(control)
          } '${row.name}' while an action on it is running: try again when it has finished`,
        );
      }
    }
    for (const row of rows) {
      this.#show(row, { control, state: "running", reason: null });
      this.#waiting.push(() => this.#carryOut(row, control));
    }
    this.#startNext();
  }

  /** Forgets the failed actions of rows. */
  dismiss(ids: readonly RowId[]): void {
    for (const id of ids) {
      const row = this.#options.rowOf(id);
      if (row?.row.action?.state === "failed") this.#show(row, null);
    }
  }

  #startNext(): void {
    while (this.#running < PARALLEL && this.#waiting.length > 0) {
      this.#running++;
      this.#waiting.shift()!().finally(() => {
        this.#running--;
        this.#startNext();
        this.#options.onEnd();
      });
    }
  }

  async #carryOut(row: RowPoller, control: RowControl): Promise<void> {
    try {
      await act(row, control);
      this.#show(row, null);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#show(row, { control, state: "failed", reason });
    }
    row.expire();
  }

  #show(row: RowPoller, action: RowAction | null): void {
    row.action = action;
    this.#options.onChange(row);
  }
}

async function act({ process }: RowPoller, control: RowControl): Promise<void> {
  if (control === "clear_logs") return await clearLogs(process.files);
  if (control === "remove") return void await process.remove?.();
  const actor = await process.actor?.();
  await actor?.[control]();
}

function describe(control: RowControl): string {
  return control === "clear_logs" ? "clear the logs of" : control;
}
