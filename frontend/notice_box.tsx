/** Something the reader should know, in a box of its own. */

import { Icon, type IconName } from "./icon.tsx";
import type { Notice } from "./view.ts";

const ICONS: Record<Notice["kind"], IconName> = {
  error: "warning",
  link: "warning",
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
