/** The names and icons of what can be requested of processes. */

import type { IconName } from "../icon.tsx";
import type { OfferedControl } from "./data/selection.ts";

/** How a control is called. */
export interface ControlText {
  readonly icon: IconName | "remove";
  readonly verb: string;
  /** What is lost, for a control that cannot be undone. */
  readonly warning: string | null;
}

export const CONTROL_TEXTS: Record<OfferedControl, ControlText> = {
  start: { icon: "play", verb: "Start", warning: null },
  restart: {
    icon: "restart",
    verb: "Restart",
    warning: "Unsaved work is lost.",
  },
  terminate: {
    icon: "stop",
    verb: "Terminate",
    warning: "Unsaved work is lost.",
  },
  remove: {
    icon: "remove",
    verb: "Remove",
    warning: "Directories and logs are deleted for good.",
  },
};
