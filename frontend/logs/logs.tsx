/** What a process prints: its two streams, laid out as the reader likes. */

import { useState } from "preact/hooks";
import { IconButton } from "../icon_button.tsx";
import type { Palette } from "../theme.ts";
import { type Stream, STREAMS, type View } from "../view.ts";
import { LogPane } from "./pane.tsx";
import { Tabs } from "./tabs.tsx";

/** How the panes are arranged. */
type Arrangement = "columns" | "rows" | "tabs";

const ARRANGEMENTS: Record<Arrangement, string> = {
  columns: "Side by side",
  rows: "Stacked",
  tabs: "In tabs, or as one",
};

/** What a tab shows: one stream, or both in one. */
type Tab = Stream | "merged";

const TABS: readonly Tab[] = ["merged", ...STREAMS];

const TITLES: Record<Tab, string> = {
  merged: "All output",
  stdout: "Recent logs",
  stderr: "Recent errors",
};

const SILENT: Record<Stream, string> = {
  stdout: "No recent output",
  stderr: "No recent errors",
};

export interface LogsProps {
  readonly logs: View["logs"];
  readonly merged: View["merged"];
  readonly palette: Palette;
}

export function Logs({ logs, merged, palette }: LogsProps) {
  const [arrangement, setArrangement] = useState<Arrangement>("columns");
  const [wrap, setWrap] = useState(true);
  const [tab, setTab] = useState<Tab>("merged");
  if (!STREAMS.some((stream) => logs[stream].watched)) {
    return <div class="pw-empty pw-no-logs">No logs are configured</div>;
  }
  return (
    <div class="pw-logs" data-arrangement={arrangement}>
      <div class="pw-logs-head">
        {arrangement === "tabs" && (
          <Tabs
            label="Logs"
            tabs={TABS.map((id) => ({
              id,
              label: TITLES[id],
              count: (id === "merged" ? merged : logs[id].rows).list.length,
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
        {arrangement === "tabs" && tab === "merged" && (
          <div class="pw-pane-slot">
            <LogPane
              stream="merged"
              title={TITLES.merged}
              rows={merged}
              palette={palette}
              wrap={wrap}
              placeholder={SILENT.stdout}
            />
          </div>
        )}
        {STREAMS.map((stream) => (
          <div
            key={stream}
            class="pw-pane-slot"
            hidden={arrangement === "tabs" && tab !== stream}
          >
            <LogPane
              stream={stream}
              title={TITLES[stream]}
              rows={logs[stream].rows}
              palette={palette}
              wrap={wrap}
              placeholder={logs[stream].watched
                ? SILENT[stream]
                : "This stream is not watched"}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
