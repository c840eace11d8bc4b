/** A message box in the card. */

import { useState } from "preact/hooks";
import type { Notice } from "./card_view.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { formatAge } from "./format.ts";
import { useNow } from "./use_now.ts";

const ICONS: Record<Notice["kind"], IconName> = {
  connection: "warning",
  error: "warning",
  frozen: "freeze",
  info: "clock",
  loading: "clock",
  paused: "pause",
  scheduler: "warning",
  waiting: "clock",
};

export function NoticeBox({ kind, text, at }: Notice) {
  const [dismissed, setDismissed] = useState("");
  const now = useNow(!!at);
  return dismissed !== text && (
    <div
      class="pw-notice"
      data-notice={kind}
      role={kind === "error" ? "alert" : "status"}
    >
      <Icon name={ICONS[kind]} />
      <span>
        {text}
        {at && `. Its last answer was ${formatAge((now - at) / 1000)}`}
      </span>
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
