/** Keeps the rows of a dashboard, so that those that did not change stay the same. */

import type { AnyModel } from "anywidget/types";
import type {
  DashboardTraits,
  Row,
  RowId,
} from "../../../widget/dashboard/traits.ts";
import type { UsageSample } from "../../../widget/usage_history.ts";
import { ReportInterval } from "../../health_report.tsx";

/** A row with everything that is known of it: a new object whenever it changes. */
export interface Entry {
  readonly id: RowId;
  readonly row: Row;
  /** Its usage samples, oldest first; empty if the process is not running. */
  readonly usage: readonly UsageSample[];
  /** Expected milliseconds between two health reports. */
  readonly reportInterval: number;
}

/** All rows, sorted by name. */
export type Entries = readonly Entry[];

const NO_USAGE: readonly UsageSample[] = [];

/** Compares names as people do: "web-2" precedes "web-10". */
const { compare } = new Intl.Collator(undefined, { numeric: true });

/** The traits of a row, and what is known of it. */
interface Known {
  readonly rowTrait: `row:${RowId}`;
  readonly usageTrait: `usage:${RowId}`;
  readonly reports: ReportInterval;
  entry: Entry;
}

/** The rows of a model, shared by its views. */
export class EntryStore {
  readonly #model: AnyModel<DashboardTraits>;
  readonly #known = new Map<RowId, Known>();
  #ids: readonly RowId[] = [];
  #sorted: Entries = [];

  constructor(model: AnyModel<DashboardTraits>) {
    this.#model = model;
    this.update();
  }

  /** The rows: a new array whenever one of them changes. */
  get entries(): Entries {
    return this.#sorted;
  }

  /** Returns the row with an id. */
  get(id: RowId): Entry | undefined {
    return this.#known.get(id)?.entry;
  }

  /** Reads the model; returns whether any row has changed. Only identities are
   * compared. */
  update(): boolean {
    const ids = this.#model.get("ids") ?? [];
    let isSorted = ids === this.#ids;
    let hasChanged = !isSorted;
    if (!isSorted) this.#forget(ids);
    for (const id of ids) {
      const name = this.#known.get(id)?.entry.row.name;
      if (!this.#read(id)) continue;
      hasChanged = true;
      isSorted &&= this.get(id)?.row.name === name;
    }
    if (!hasChanged) return false;
    // Rows and ids may arrive separately.
    this.#sorted = isSorted
      ? this.#sorted.map(({ id }) => this.get(id)!)
      : ids.flatMap((id) => this.get(id) ?? []).sort((a, b) =>
        compare(a.row.name, b.row.name)
      );
    return true;
  }

  /** Forgets the rows without an id. */
  #forget(ids: readonly RowId[]): void {
    this.#ids = ids;
    const current = new Set(ids);
    for (const id of this.#known.keys()) {
      if (!current.has(id)) this.#known.delete(id);
    }
  }

  /** Reads the traits of a row; returns whether they have changed. */
  #read(id: RowId): boolean {
    const known = this.#known.get(id);
    const row = this.#model.get(known?.rowTrait ?? `row:${id}`);
    if (!row) return this.#known.delete(id);
    const usage = this.#model.get(known?.usageTrait ?? `usage:${id}`) ??
      NO_USAGE;
    const before = known?.entry;
    if (before?.row === row && before.usage === usage) return false;
    const reports = known?.reports ?? new ReportInterval();
    reports.add(row.health_timestamp);
    const entry = { id, row, usage, reportInterval: reports.ms };
    if (known) known.entry = entry;
    else {
      this.#known.set(id, {
        rowTrait: `row:${id}`,
        usageTrait: `usage:${id}`,
        reports,
        entry,
      });
    }
    return true;
  }
}

/** Returns the current CPU usage in percent of a core, or null if unknown. */
export function cpuOf({ row, usage }: Entry): number | null {
  return row.pid === null ? null : usage.at(-1)?.[1] ?? null;
}

/** Returns the current memory usage in bytes, or null if unknown. */
export function memoryOf({ row, usage }: Entry): number | null {
  return row.pid === null ? null : usage.at(-1)?.[2] ?? null;
}
