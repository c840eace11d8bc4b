/** A message box in the card. */

import { Icon, type IconName } from "./icon.tsx";
import type { Notice } from "./card_view.ts";

const ICONS: Record<Notice["kind"], IconName> = {
  connection: "warning",
  error: "warning",
  info: "clock",
  loading: "clock",
  paused: "pause",
  waiting: "clock",
};

export function NoticeBox({ kind, text }: Notice) {
  return (
    <div
      class="pw-notice"
      data-notice={kind}
      role={kind === "error" ? "alert" : "status"}
    >
      <Icon name={ICONS[kind]} />
      <span>{text}</span>
    </div>
  );
}
