/** The options of a dashboard, and the values that its traits accept. */
import type { ProcessStatus } from "../../process/snapshot.ts";
import type { Theme } from "../traits.ts";
import type {
  Column,
  DashboardControl,
  Filter,
  RowId,
  Sorting,
} from "./traits.ts";

/** Options of {@linkcode processDashboard}. */
export interface DashboardOptions {
  /** Milliseconds between two polls, from 50 to 86,400,000. Default 1000. */
  interval?: number;
  /** The palette. Default "auto", which follows the page. */
  theme?: Theme;
  /** What views may request, `[]` for nothing. Default: everything that the sources
   * support. */
  controls?: readonly DashboardControl[];
  /** Closes the dashboard when aborted. */
  signal?: AbortSignal;
}

const CONTROLS: readonly DashboardControl[] = [
  ...["start", "restart", "terminate", "remove", "clear_logs"] as const,
  "create",
];

const COLUMNS: Record<Column, true> = {
  status: true,
  name: true,
  pid: true,
  uptime: true,
  health: true,
  cpu: true,
  memory: true,
  output: true,
  exit: true,
};

const STATUSES: Record<ProcessStatus, true> = {
  unknown: true,
  running: true,
  pending: true,
  suspended: true,
  stopped: true,
  unhealthy: true,
  failed: true,
};

/** Maximum length of the text to filter by, in UTF-16 units. */
const MAX_TEXT = 1000;

/** Maximum number of rows that are expanded at a time: each reads its logs. */
export const MAX_EXPANDED = 20;

/**
 * Returns the controls to offer.
 *
 * @throws {TypeError} If one of them is unknown.
 */
export function checkControls(
  wanted: readonly DashboardControl[] = CONTROLS,
): readonly DashboardControl[] {
  const unknown = wanted.find((control) => !CONTROLS.includes(control));
  if (unknown === undefined) return wanted;
  throw new TypeError(
    `Cannot offer the control ${Deno.inspect(unknown)}: there are ${
      CONTROLS.join(", ")
    }`,
  );
}

/** @throws {TypeError} If it does not name a column and a direction. */
export function checkSorting(value: unknown): Sorting {
  const { column, descending } = Object(value) as Partial<Sorting>;
  if (
    typeof column === "string" && Object.hasOwn(COLUMNS, column) &&
    typeof descending === "boolean"
  ) return { column, descending };
  throw new TypeError(
    `Cannot sort as 'sort' must be { column, descending } with one of the columns ${
      Object.keys(COLUMNS).join(", ")
    }: current value is ${show(value)}`,
  );
}

/** @throws {TypeError} If it does not have a text and a list of statuses. */
export function checkFilter(value: unknown): Filter {
  const { text, statuses } = Object(value) as Partial<Filter>;
  if (
    typeof text === "string" && text.length <= MAX_TEXT &&
    Array.isArray(statuses) &&
    statuses.every((status) => Object.hasOwn(STATUSES, String(status)))
  ) return { text, statuses };
  throw new TypeError(
    `Cannot filter as 'filter' must be { text, statuses } with some of the statuses ${
      Object.keys(STATUSES).join(", ")
    }: current value is ${show(value)}`,
  );
}

/** @throws {TypeError} If it is not a list of ids, or a long one. */
export function checkExpanded(value: unknown): readonly RowId[] {
  if (
    Array.isArray(value) && value.length <= MAX_EXPANDED &&
    value.every((id) => typeof id === "string")
  ) return [...new Set(value)];
  throw new TypeError(
    `Cannot expand rows as 'expanded' must be a list of at most ${MAX_EXPANDED} ids: current value is ${
      show(value)
    }`,
  );
}

function show(value: unknown): string {
  return Deno.inspect(value, { depth: 1, strAbbreviateSize: 100 });
}
