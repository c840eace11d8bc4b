/** The columns of the table, and which of them fit. */

import type { Column } from "../../../widget/dashboard/traits.ts";

/** A column: of values, or of what acts on a row. */
export type ColumnId = "select" | "expand" | "actions" | Column;

/** What a column needs. */
interface ColumnSpec {
  /** Its header; empty for what needs none. */
  readonly title: string;
  /** Whether rows can be sorted by it. */
  readonly sortable: boolean;
  /** Its least width in pixels. */
  readonly width: number;
  /** Its share of the width that is left, or 0. */
  readonly share: number;
}

const SPECS: Record<ColumnId, ColumnSpec> = {
  select: { title: "", sortable: false, width: 34, share: 0 },
  expand: { title: "", sortable: false, width: 24, share: 0 },
  status: { title: "Status", sortable: true, width: 112, share: 0 },
  name: { title: "Name", sortable: true, width: 130, share: 2 },
  pid: { title: "PID", sortable: true, width: 72, share: 0 },
  uptime: { title: "Uptime", sortable: true, width: 80, share: 0 },
  health: { title: "Health", sortable: true, width: 120, share: 0 },
  cpu: { title: "CPU", sortable: true, width: 112, share: 0 },
  memory: { title: "Memory", sortable: true, width: 134, share: 0 },
  output: { title: "Last output", sortable: true, width: 150, share: 5 },
  exit: { title: "Ended", sortable: true, width: 136, share: 0 },
  actions: { title: "", sortable: false, width: 98, share: 0 },
};

/** Widths of the columns of usage without a curve, in pixels. */
const PLAIN_USAGE: Partial<Record<ColumnId, number>> = { cpu: 64, memory: 84 };

/** The padding of a row at both ends, in pixels. */
const PADDING = 16;

/** The least width of a column that takes a share, in pixels. */
const MIN_SHARED = 100;

/** Below this width, in pixels, the table is a list of entries of two lines. */
export const LIST_WIDTH = 560;

/**
 * What is left out where the width does not suffice: the least important first. An
 * expanded row shows all of it. How a process ended is then shown in place of its
 * uptime, or of its memory.
 */
const DROPPED: readonly ("curves" | Column)[] = [
  "pid",
  "exit",
  "health",
  "curves",
  "uptime",
];

/** What an entry of the list shows, in reading order. */
const LIST: readonly ColumnId[] = [
  "select",
  "expand",
  "name",
  "status",
  "output",
  "cpu",
  "memory",
  "actions",
];

/** How the table is divided at a width. */
export interface Arrangement {
  readonly isList: boolean;
  /** Whether there is a pointer, and buttons appear where it points. */
  readonly canHover: boolean;
  /** The columns from left to right. */
  readonly columns: readonly ColumnId[];
  /** Whether the columns of usage contain curves. */
  readonly curves: boolean;
  /** The column that shows how a process ended. */
  readonly exitIn: "exit" | "uptime" | "memory";
  /** The widths, for CSS. */
  readonly tracks: string;
  /** The height of a row in pixels. */
  readonly rowHeight: number;
}

/** Options of {@linkcode arrange}. */
export interface ArrangeOptions {
  /** Whether anything can be requested of a row. */
  readonly canAct: boolean;
  /** Whether there is a pointer: then buttons appear in the row that it points at,
   * and need no column. */
  readonly canHover: boolean;
}

/** Returns how a table of a width is divided. */
export function arrange(
  width: number,
  { canAct, canHover }: ArrangeOptions,
): Arrangement {
  const isUseful = (id: ColumnId) => canAct || !needsKernel(id);
  if (width < LIST_WIDTH) {
    return {
      isList: true,
      canHover,
      columns: LIST.filter(isUseful),
      curves: false,
      exitIn: "memory",
      tracks: "none",
      rowHeight: 58,
    };
  }
  let columns = (Object.keys(SPECS) as ColumnId[]).filter(isUseful);
  let curves = true;
  const widthOf = (id: ColumnId) => {
    if (id === "actions" && canHover) return 0;
    return (curves ? undefined : PLAIN_USAGE[id]) ?? SPECS[id].width;
  };
  for (const dropped of DROPPED) {
    const needed = columns.reduce((sum, id) => sum + widthOf(id), PADDING);
    if (needed <= width) break;
    if (dropped === "curves") curves = false;
    else columns = columns.filter((id) => id !== dropped);
  }
  const tracks = columns.map((id) =>
    SPECS[id].share > 0
      ? `minmax(${MIN_SHARED}px, ${SPECS[id].share}fr)`
      : `${widthOf(id)}px`
  );
  return {
    isList: false,
    canHover,
    columns,
    curves,
    exitIn: (["exit", "uptime", "memory"] as const).find((id) =>
      columns.includes(id)
    )!,
    tracks: tracks.join(" "),
    rowHeight: 36,
  };
}

function needsKernel(id: ColumnId): boolean {
  return id === "select" || id === "actions";
}

/** Returns the header of a column. */
export function titleOf(id: ColumnId): string {
  return SPECS[id].title;
}

/** Returns the column of values with this id, or null if it is another one. */
export function sortableColumn(id: ColumnId): Column | null {
  return SPECS[id].sortable ? id as Column : null;
}
