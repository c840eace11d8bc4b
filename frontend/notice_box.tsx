/** Something the reader should know, in a box of its own. */

import type { Notice } from "./view.ts";

export function NoticeBox({ kind, text }: Notice) {
  return (
    <div
      class="pw-notice"
      data-notice={kind}
      role={kind === "error" ? "alert" : "status"}
    >
      {text}
    </div>
  );
}
