/** What the cells of a row show: few elements, as hundreds of cells are drawn in a
 * frame. */

import type { ComponentChildren } from "preact";
import type { Column, Row } from "../../../widget/dashboard/traits.ts";
import {
  commandLine,
  DASH,
  exitOf,
  healthOf,
  STATUS_ICONS,
} from "../../card_view.ts";
import { roundUp, roundUpBytes } from "../../charts/scale.ts";
import {
  formatAge,
  formatBytes,
  formatPercent,
  formatSeconds,
  formatTime,
} from "../../format.ts";
import { Icon } from "../../icon.tsx";
import { styledRuns } from "../../terminal/row.ts";
import { cssOf, PLAIN } from "../../terminal/style.ts";
import type { Palette } from "../../theme.ts";
import { useClock } from "../clock.ts";
import { cpuOf, type Entry, memoryOf } from "../data/entries.ts";
import { lastLineOf } from "../data/last_line.ts";
import { Glyph } from "../glyph.tsx";
import type { Arrangement } from "./columns.ts";
import { Sparkline } from "./sparkline.tsx";

/** What a cell is made of. */
export interface CellProps {
  readonly entry: Entry;
  readonly palette: Palette;
  readonly arrangement: Arrangement;
  /** The time up to which curves are drawn, in epoch seconds. */
  readonly now: number;
}

/** The content of a cell. */
export interface CellContent {
  readonly content: ComponentChildren;
  /** What kind of content it is, for the style sheet. */
  readonly kind?: string;
  /** The tooltip, for what may be cut. */
  readonly title?: string;
}

/** Returns the content of a cell of each column. */
export const CELLS: Record<Column, (props: CellProps) => CellContent> = {
  status: statusCell,
  name: nameCell,
  pid: ({ entry: { row } }) => row.pid === null ? NONE : { content: row.pid },
  uptime: uptimeCell,
  health: healthCell,
  cpu: cpuCell,
  memory: memoryCell,
  output: outputCell,
  exit: ({ entry: { row } }) => exitCell(row, true) ?? { content: null },
};

const NONE: CellContent = { content: DASH, kind: "none" };

const PROGRESS = {
  start: "starting",
  restart: "restarting",
  terminate: "terminating",
  remove: "removing",
  clear_logs: "clearing",
};

function statusCell({ entry: { row } }: CellProps): CellContent {
  const { action, status } = row;
  if (action?.state === "running") {
    const content = [
      <Glyph key="icon" name="busy" />,
      PROGRESS[action.control],
    ];
    return { content, kind: "busy" };
  }
  const content = [<Icon key="icon" name={STATUS_ICONS[status]} />, status];
  return { content };
}

function nameCell({ entry: { row } }: CellProps): CellContent {
  const title = row.command?.length
    ? `${row.name}\n${commandLine(row.command)}`
    : row.name;
  return { content: row.name, title };
}

function uptimeCell({ entry: { row }, arrangement }: CellProps): CellContent {
  if (row.started_at !== null) {
    return { content: <Uptime since={row.started_at} /> };
  }
  return arrangement.exitIn === "uptime" && exitCell(row, false) || NONE;
}

function Uptime({ since }: { readonly since: number }) {
  return <>{formatSeconds((useClock(true) - since) / 1000)}</>;
}

function healthCell({ entry }: CellProps): CellContent {
  const { row } = entry;
  const health = healthOf(row, entry.reportInterval);
  if (!health) return NONE;
  const { status, message, healthy, staleAt } = health;
  return {
    content: [status, staleAt !== null && <Stale key="stale" at={staleAt} />],
    kind: row.pid === null ? undefined : healthy ? "well" : "ill",
    title: message ?? status,
  };
}

function Stale({ at }: { readonly at: number }) {
  return useClock(true) > at ? <span class="pw-tag">stale</span> : null;
}

const scaleCpu = (largest: number) => Math.max(roundUp(largest), 10);
const scaleMemory = (largest: number) => roundUpBytes(largest * 1.1);

function cpuCell({ entry, arrangement, now }: CellProps): CellContent {
  const cpu = cpuOf(entry);
  if (cpu === null) return NONE;
  const curve = arrangement.curves && (
    <Sparkline
      key="curve"
      samples={entry.usage}
      measure={1}
      scale={scaleCpu}
      now={now}
    />
  );
  return { content: [curve, formatPercent(cpu)] };
}

function memoryCell({ entry, arrangement, now }: CellProps): CellContent {
  const memory = memoryOf(entry);
  if (memory === null) {
    return arrangement.exitIn === "memory" && exitCell(entry.row, false) ||
      NONE;
  }
  const curve = arrangement.curves && (
    <Sparkline
      key="curve"
      samples={entry.usage}
      measure={2}
      scale={scaleMemory}
      now={now}
    />
  );
  return { content: [curve, formatBytes(memory)] };
}

function outputCell({ entry: { row }, palette }: CellProps): CellContent {
  const failure = row.action?.reason ?? row.error;
  if (failure !== null) {
    const content = [<Icon key="icon" name="warning" />, failure];
    return { content, kind: "failure", title: failure };
  }
  const { job_reason: reason } = row;
  // What an earlier run has printed matters less than why this one is pending.
  if (reason) return { content: reason, kind: "pending", title: reason };
  const { text, runs } = lastLineOf(row);
  if (text === "") return NONE;
  const kind = row.last_stream ?? undefined;
  const line = runs.length === 0
    ? text
    : styledRuns(text, runs).map(({ start, end, style }) => {
      const part = text.slice(start, end);
      if (style === PLAIN) return part;
      return <span key={start} style={cssOf(style, palette)}>{part}</span>;
    });
  if (kind !== "stderr") return { content: line, kind, title: text };
  const mark = (
    <span key="mark" class="pd-stream">
      err<span class="pw-spoken">or output:</span>
    </span>
  );
  return { content: [mark, line], kind, title: text };
}

/** Returns how a process ended, or null if it has not. */
function exitCell(row: Row, hasAge: boolean): CellContent | null {
  const exit = exitOf(row);
  if (!exit) return null;
  const { cause, failed, reason, at } = exit;
  const time = at !== null && formatTime(at, Date.now());
  const age = hasAge && at !== null && <Age key="age" at={at} />;
  return {
    content: [<span key="cause">{cause}</span>, age],
    kind: failed ? "failed" : "ended",
    title: [cause, reason, time].filter(Boolean).join(", "),
  };
}

function Age({ at }: { readonly at: number }) {
  const now = useClock(true);
  return <span class="pw-age">{formatAge((now - at) / 1000)}</span>;
}
