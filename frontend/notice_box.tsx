/** A message box in the card. */

import { useState } from "preact/hooks";
import type { Notice } from "./card_view.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon, type IconName } from "./icon.tsx";

const ICONS: Record<Notice["kind"], IconName> = {
  connection: "warning",
  error: "warning",
  frozen: "freeze",
  info: "clock",
  loading: "clock",
  paused: "pause",
  waiting: "clock",
};

export function NoticeBox({ kind, text }: Notice) {
  const [dismissed, setDismissed] = useState("");
  return dismissed !== text && (
    <div
      class="pw-notice"
      data-notice={kind}
      role={kind === "error" ? "alert" : "status"}
    >
      <Icon name={ICONS[kind]} />
      <span>{text}</span>
      {kind === "info" && (
        <IconButton
          icon="close"
          label="Close"
          onClick={() => setDismissed(text)}
        />
      )}
    </div>
  );
}
