/** One process: title, notices, facts and logs. */

import { useState } from "preact/hooks";
import { Facts } from "./facts.tsx";
import { LogPane } from "./logs/pane.tsx";
import { NoticeBox } from "./notice_box.tsx";
import type { Palette } from "./theme.ts";
import { TitleBar } from "./title_bar.tsx";
import type { View } from "./view.ts";

export function Card({ view, palette }: { view: View; palette: Palette }) {
  const [held, setHeld] = useState<View | null>(null);
  const shown = held ?? view;
  return (
    <div
      role="group"
      class="process-widget"
      data-theme={palette}
      data-status={shown.status.id}
      aria-label={`Process ${shown.name}`}
    >
      <TitleBar
        name={shown.name}
        held={held !== null}
        holdable={view.polling}
        onToggle={() => setHeld(held ? null : view)}
      />
      {held && (
        <NoticeBox
          kind="paused"
          text="Paused in this view: the process goes on"
        />
      )}
      {shown.notices.map((notice) => (
        <NoticeBox key={notice.kind} kind={notice.kind} text={notice.text} />
      ))}
      <Facts
        status={shown.status}
        pid={shown.pid}
        uptime={shown.uptime}
        command={shown.command}
        ttl={shown.ttl}
        exit={shown.exit}
        health={shown.health}
        dir={shown.dir}
      />
      <div class="pw-logs">
        <LogPane
          stream="stdout"
          title="Recent logs"
          lines={shown.stdout}
          placeholder="No recent output"
        />
        <LogPane
          stream="stderr"
          title="Recent errors"
          lines={shown.stderr}
          placeholder="No recent errors"
        />
      </div>
    </div>
  );
}
