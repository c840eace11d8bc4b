/** The output of a process: its two streams, in the reader's arrangement. */

import { useState } from "preact/hooks";
import type { Stream } from "../../widget/traits.ts";
import { IconButton } from "../icon_button.tsx";
import type { Palette } from "../theme.ts";
import { type LogId, type Rows, STREAMS } from "./log_store.ts";
import { LogPane } from "./pane.tsx";
import { Tabs } from "./tabs.tsx";

/** How the panes are arranged. */
type Arrangement = "columns" | "rows" | "tabs";

const ARRANGEMENTS: Record<Arrangement, string> = {
  columns: "Side by side",
  rows: "Stacked",
  tabs: "In tabs, or as one",
};

const TABS: readonly LogId[] = ["merged", ...STREAMS];

const TITLES: Record<LogId, string> = {
  merged: "All output",
  stdout: "Recent logs",
  stderr: "Recent errors",
};

const PLACEHOLDERS: Record<LogId, string> = {
  merged: "No recent output",
  stdout: "No recent output",
  stderr: "None",
};

export interface LogsProps {
  readonly rows: Readonly<Record<LogId, Rows>>;
  /** The streams that are read from a file. */
  readonly watched: readonly Stream[];
  readonly palette: Palette;
}

export function Logs({ rows, watched, palette }: LogsProps) {
  const [arrangement, setArrangement] = useState<Arrangement>("columns");
  const [wrap, setWrap] = useState(true);
  const [tab, setTab] = useState<LogId>("merged");
  if (watched.length === 0) {
    return <div class="pw-empty pw-no-logs">No logs are configured</div>;
  }
  // Empty logs take one line, unless there is nothing else to show.
  const filled = STREAMS.filter((log) => rows[log].list.length > 0);
  const tall: readonly LogId[] = filled.length > 0
    ? filled
    : watched.slice(0, 1);
  const pane = (log: LogId, hidden: boolean) => (
    <div
      key={log}
      class="pw-pane-slot"
      data-short={arrangement !== "tabs" && !tall.includes(log)}
      hidden={hidden}
    >
      <LogPane
        log={log}
        title={TITLES[log]}
        rows={rows[log]}
        palette={palette}
        wrap={wrap}
        placeholder={log === "merged" || watched.includes(log)
          ? PLACEHOLDERS[log]
          : "This stream is not watched"}
      />
    </div>
  );
  return (
    <div class="pw-logs" data-arrangement={arrangement}>
      <div class="pw-logs-head">
        {arrangement === "tabs" && (
          <Tabs
            label="Logs"
            tabs={TABS.map((id) => ({
              id,
              label: TITLES[id],
              count: rows[id].list.length,
            }))}
            chosen={tab}
            onChoose={setTab}
          />
        )}
        <div class="pw-tools" role="toolbar" aria-label="Layout of the logs">
          {(Object.keys(ARRANGEMENTS) as Arrangement[]).map((id) => (
            <IconButton
              key={id}
              icon={id}
              label={ARRANGEMENTS[id]}
              pressed={id === arrangement}
              onClick={() => setArrangement(id)}
            />
          ))}
          <IconButton
            icon="wrap"
            label="Wrap long lines"
            pressed={wrap}
            onClick={() => setWrap(!wrap)}
          />
        </div>
      </div>
      <div class="pw-panes">
        {arrangement === "tabs" && tab === "merged" && pane("merged", false)}
        {STREAMS.map((log) => pane(log, arrangement === "tabs" && tab !== log))}
      </div>
    </div>
  );
}
