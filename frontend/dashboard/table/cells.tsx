/** What the cells of a row show. */

import type { ComponentChildren } from "preact";
import type { Column } from "../../../widget/dashboard/traits.ts";
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

export interface CellProps {
  readonly entry: Entry;
  readonly palette: Palette;
  readonly arrangement: Arrangement;
}

/** The content of each column of values. */
export const CELLS: Record<Column, (props: CellProps) => ComponentChildren> = {
  status: StatusCell,
  name: NameCell,
  pid: ({ entry: { row } }) => row.pid ?? <Dash />,
  uptime: UptimeCell,
  health: HealthCell,
  cpu: CpuCell,
  memory: MemoryCell,
  output: OutputCell,
  exit: ExitCell,
};

const PROGRESS = {
  start: "starting",
  restart: "restarting",
  terminate: "terminating",
  remove: "removing",
  clear_logs: "clearing",
};

function Dash() {
  return <span class="pd-dash">{DASH}</span>;
}

function StatusCell({ entry: { row } }: CellProps) {
  const { action, status } = row;
  if (action?.state === "running") {
    return (
      <span class="pd-status" data-busy="true">
        <Glyph name="busy" />
        {PROGRESS[action.control]}
      </span>
    );
  }
  return (
    <span class="pd-status">
      <Icon name={STATUS_ICONS[status]} />
      {status}
    </span>
  );
}

function NameCell({ entry: { row } }: CellProps) {
  const title = row.command?.length
    ? `${row.name}\n${commandLine(row.command)}`
    : row.name;
  return <span class="pd-name" title={title}>{row.name}</span>;
}

function UptimeCell(props: CellProps) {
  const { row } = props.entry;
  const now = useClock(row.started_at !== null);
  if (row.started_at === null) return <Unused {...props} column="uptime" />;
  return <>{formatSeconds((now - row.started_at) / 1000)}</>;
}

function HealthCell({ entry: { row, reportInterval } }: CellProps) {
  const health = healthOf(row, reportInterval);
  const staleAt = health?.staleAt ?? null;
  const now = useClock(staleAt !== null);
  if (!health) return <Dash />;
  const stale = staleAt !== null && now > staleAt;
  const { status, message, timestamp, healthy } = health;
  const age = timestamp === null
    ? ""
    : `, ${formatAge((now - timestamp) / 1000)}`;
  const title = `${message ?? status}${age}`;
  return (
    <span class="pd-health" title={title}>
      <span
        class="pd-health-status pw-age"
        data-health={row.pid === null ? null : healthy ? "well" : "ill"}
      >
        {status}
      </span>
      {stale && <span class="pw-tag">stale</span>}
    </span>
  );
}

const scaleCpu = (largest: number) => Math.max(roundUp(largest), 10);
const scaleMemory = (largest: number) => roundUpBytes(largest * 1.1);

/** Shown instead of a value of a process that is not running: how it ended. */
function Unused(props: CellProps & { readonly column: Column }) {
  const { entry, arrangement, column } = props;
  const exit = arrangement.exitIn === column ? exitOf(entry.row) : null;
  return exit ? <ExitCell {...props} /> : <Dash />;
}

function CpuCell({ entry, arrangement }: CellProps) {
  const cpu = cpuOf(entry);
  if (cpu === null) return <Dash />;
  return (
    <span class="pd-usage">
      {arrangement.curves && (
        <Sparkline samples={entry.usage} measure={1} scale={scaleCpu} />
      )}
      <span class="pd-number">{formatPercent(cpu)}</span>
    </span>
  );
}

function MemoryCell(props: CellProps) {
  const { entry, arrangement } = props;
  const memory = memoryOf(entry);
  if (memory === null) return <Unused {...props} column="memory" />;
  return (
    <span class="pd-usage">
      {arrangement.curves && (
        <Sparkline samples={entry.usage} measure={2} scale={scaleMemory} />
      )}
      <span class="pd-number">{formatBytes(memory)}</span>
    </span>
  );
}

function OutputCell({ entry: { row }, palette }: CellProps) {
  if (row.action?.state === "failed") {
    return (
      <span class="pd-output pd-failure" title={row.action.reason ?? undefined}>
        <Icon name="warning" />
        <span class="pd-line-text">{row.action.reason}</span>
      </span>
    );
  }
  if (row.error !== null) {
    return (
      <span class="pd-output pd-failure" title={row.error}>
        <Icon name="warning" />
        <span class="pd-line-text">{row.error}</span>
      </span>
    );
  }
  const { text, runs } = lastLineOf(row);
  if (text === "") return <Dash />;
  return (
    <span class="pd-output" data-stream={row.last_stream} title={text}>
      {row.last_stream === "stderr" && (
        <span class="pd-stream">
          err<span class="pw-spoken">or output:</span>
        </span>
      )}
      <span class="pd-line-text">
        {runs.length === 0 ? text : styledRuns(text, runs).map((run, index) => {
          const part = text.slice(run.start, run.end);
          if (run.style === PLAIN) return part;
          return (
            <span key={index} style={cssOf(run.style, palette)}>{part}</span>
          );
        })}
      </span>
    </span>
  );
}

function ExitCell({ entry: { row }, arrangement }: CellProps) {
  const exit = exitOf(row);
  const at = exit?.at ?? null;
  const now = useClock(at !== null);
  if (!exit) return null;
  const { cause, failed, reason } = exit;
  const title = [cause, reason, at !== null && formatTime(at, now)];
  return (
    <span class="pd-exit" title={title.filter(Boolean).join(", ")}>
      <span class={failed ? "pw-failed" : undefined}>{cause}</span>
      {at !== null && arrangement.exitIn === "exit" && (
        <span class="pw-age">{formatAge((now - at) / 1000)}</span>
      )}
    </span>
  );
}
