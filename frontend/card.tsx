/** The card of one process: title, controls, notices, facts, charts and logs. */

import { useState } from "preact/hooks";
import type { CardView } from "./card_view.ts";
import { hasUsage, UsageCharts } from "./charts/usage.tsx";
import { type Connection, connectionNotice } from "./connection.ts";
import { ControlBar, type ControlBarProps } from "./controls/bar.tsx";
import { Facts } from "./facts.tsx";
import { Logs, type LogsProps } from "./logs/logs.tsx";
import { NoticeBox } from "./notice_box.tsx";
import type { Palette } from "./theme.ts";
import { TitleBar } from "./title_bar.tsx";

export interface CardProps {
  readonly view: CardView;
  readonly logs: Omit<LogsProps, "palette">;
  readonly palette: Palette;
  /** Whether the card uses the colors of its page where it defines any. */
  readonly native: boolean;
  readonly connection: Connection;
  readonly controls: Omit<
    ControlBarProps,
    "available" | "connected" | "running" | "polling"
  >;
}

export function Card(props: CardProps) {
  const { view, logs, palette, connection, controls } = props;
  const [held, setHeld] = useState<Pick<CardProps, "view" | "logs"> | null>(
    null,
  );
  const shown = held ?? { view, logs };
  const { state, available } = connection;
  const disconnected = connectionNotice(connection);
  // Where polling cannot be paused from here, the view can be held instead.
  const pausable = available && controls.controls.includes("pause");
  const holdable = !pausable && state !== "gone";
  const charted = hasUsage(shown.view.usage);
  return (
    <div
      role="group"
      class="process-widget"
      data-theme={palette}
      data-native={props.native}
      data-status={shown.view.status.id}
      data-connection={state}
      aria-label={`Process ${shown.view.name}`}
      // Keeps what is typed into a search from triggering JupyterLab's shortcuts.
      data-lm-suppress-shortcuts="true"
    >
      <TitleBar
        name={shown.view.name}
        status={shown.view.status}
        hold={held || holdable
          ? {
            held: held !== null,
            enabled: held !== null || view.polling,
            onToggle: () => setHeld(held ? null : { view, logs }),
          }
          : null}
      />
      <ControlBar
        {...controls}
        available={available}
        connected={state !== "gone" && state !== "offline"}
        running={view.running}
        polling={view.polling}
      />
      {disconnected && <NoticeBox {...disconnected} />}
      {held && (
        <NoticeBox
          kind="frozen"
          text="This view is frozen: the process keeps running"
        />
      )}
      {shown.view.notices.map((notice) => (
        <NoticeBox key={notice.kind} {...notice} />
      ))}
      <div class="pw-overview" data-charts={charted}>
        <Facts {...shown.view} />
        {charted && <UsageCharts usage={shown.view.usage} />}
      </div>
      <Logs {...shown.logs} palette={palette} />
    </div>
  );
}
