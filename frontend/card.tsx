/** One process: title, notices, facts, charts and logs. */

import { useState } from "preact/hooks";
import { hasUsage, UsageCharts } from "./charts/usage.tsx";
import { ControlBar, type ControlBarProps } from "./controls/bar.tsx";
import { Facts } from "./facts.tsx";
import { type Link, linkNotice } from "./connection.ts";
import { Logs } from "./logs/logs.tsx";
import { NoticeBox } from "./notice_box.tsx";
import type { Palette } from "./theme.ts";
import { TitleBar } from "./title_bar.tsx";
import type { View } from "./view.ts";

export interface CardProps {
  readonly view: View;
  readonly palette: Palette;
  /** Whether it takes the colours of its page, where it has any. */
  readonly native: boolean;
  /** How it stands to the kernel. */
  readonly link: Link;
  readonly controls: Omit<
    ControlBarProps,
    "reachable" | "connected" | "running" | "polling"
  >;
}

export function Card(
  { view, palette, native, link, controls }: CardProps,
) {
  const [held, setHeld] = useState<View | null>(null);
  const shown = held ?? view;
  const lost = linkNotice(link);
  const pausable = link.available && controls.controls.includes("pause");
  // A view can be held where the kernel cannot be asked to pause.
  const holdable = !pausable && link.state !== "gone";
  const charted = hasUsage(shown.usage);
  return (
    <div
      role="group"
      class="process-widget"
      data-theme={palette}
      data-native={native}
      data-status={shown.status.id}
      data-link={link.state}
      aria-label={`Process ${shown.name}`}
      // JupyterLab would take the keys that are typed into a search.
      data-lm-suppress-shortcuts="true"
    >
      <TitleBar
        name={shown.name}
        status={shown.status}
        hold={held || holdable
          ? {
            held: held !== null,
            holdable: view.polling,
            onToggle: () => setHeld(held ? null : view),
          }
          : null}
      />
      <ControlBar
        {...controls}
        reachable={link.available}
        connected={link.state !== "gone" && link.state !== "offline"}
        running={view.running}
        polling={view.polling}
      />
      {lost && <NoticeBox kind={lost.kind} text={lost.text} />}
      {held && (
        <NoticeBox
          kind="paused"
          text="Paused in this view: the process goes on"
        />
      )}
      {shown.notices.map((notice) => (
        <NoticeBox key={notice.kind} kind={notice.kind} text={notice.text} />
      ))}
      <div class="pw-overview" data-charts={charted}>
        <Facts
          pid={shown.pid}
          uptime={shown.uptime}
          deadline={shown.deadline}
          exit={shown.exit}
          health={shown.health}
          command={shown.command}
          dir={shown.dir}
        />
        {charted && <UsageCharts usage={shown.usage} />}
      </div>
      <Logs logs={shown.logs} merged={shown.merged} palette={palette} />
    </div>
  );
}
