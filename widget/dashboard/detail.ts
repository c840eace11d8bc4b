import type { WidgetDefinition } from "../../jupyter/mod.ts";
import { DEFAULT_LINES } from "../../process/logs/tail.ts";
import { ProcessReader } from "../../process/reader.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import type { ControlAction } from "../controls.ts";
import {
  initialTraits,
  type ProcessTraits,
  snapshotTraits,
} from "../traits.ts";
import { UsageHistory } from "../usage_history.ts";
import type { ListedProcess } from "./source.ts";
import type { DashboardTraits, Row, RowAction, RowId } from "./traits.ts";

/** The sliding lists of a card, each with the trait of its first number. */
const SLIDING = {
  stdout_lines: "stdout_first",
  stderr_lines: "stderr_first",
  usage_history: "usage_first",
} as const satisfies Partial<Record<keyof ProcessTraits, keyof ProcessTraits>>;

/** The traits of some expanded row, under the names that they have in a dashboard. */
type DetailTraits = Partial<DashboardTraits>;

/** Reads what the card in an expanded row shows, its logs included. */
export class Detail implements Disposable {
  readonly #id: RowId;
  readonly #initial: ProcessTraits;
  readonly #reader: ProcessReader;
  readonly #history = new UsageHistory();

  /** Opens the card of a row. */
  constructor(id: RowId, { files, controls }: ListedProcess) {
    this.#id = id;
    this.#reader = new ProcessReader(files, { lines: DEFAULT_LINES });
    this.#initial = initialTraits(files, {
      theme: "auto",
      polling_interval: 1,
      lines: DEFAULT_LINES,
      controls: controls.filter((control) => control !== "remove"),
    });
  }

  /** The traits before the first poll. */
  get initial(): DetailTraits {
    return this.#named(this.#initial);
  }

  /** Which of its traits are sliding lists, for `addTraits`. */
  get sliding(): WidgetDefinition<DashboardTraits>["sliding"] {
    return Object.fromEntries(
      Object.entries(SLIDING).map((
        [list, first],
      ) => [`${this.#id}/${list}`, `${this.#id}/${first}`]),
    );
  }

  /** The names of its traits. */
  get names(): (keyof DashboardTraits)[] {
    return Object.keys(this.initial) as (keyof DashboardTraits)[];
  }

  /** Polls the process with its logs and usage. Never rejects. */
  read(): Promise<ProcessSnapshot> {
    return this.#reader.read();
  }

  /** Returns the traits that a snapshot determines. */
  traitsOf(snapshot: ProcessSnapshot, { action }: Row): DetailTraits {
    const usage = this.#history.add(Date.now(), snapshot.usage);
    return this.#named({
      ...snapshotTraits(snapshot),
      usage_first: usage.first,
      usage_history: usage.samples,
      action: actionOf(action),
    });
  }

  /** Closes the logs. Idempotent. */
  close(): void {
    this.#reader.close();
  }

  /** Does the same as {@linkcode Detail.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #named(traits: object): DetailTraits {
    return Object.fromEntries(
      Object.entries(traits).map((
        [trait, value],
      ) => [`${this.#id}/${trait}`, value]),
    );
  }
}

/** Returns an action as the card knows it, which has no button for removing. */
function actionOf(action: RowAction | null): ControlAction | null {
  if (action === null) return null;
  const { control, ...rest } = action;
  return control === "remove" ? null : { control, ...rest };
}
