/** What controls are called, ask and do. */

import type { Control } from "../../widget.ts";
import type { IconName } from "../icon.tsx";

/** The words for a control. */
export interface ControlWords {
  readonly icon: IconName;
  readonly label: string;
  /** What it is called while it is under way. */
  readonly doing: string;
  /** Asked before it does what cannot be undone. */
  readonly question?: string;
  /** The same in a cell, where there are no buttons. */
  readonly code: string;
}

export const WORDS: Record<Control, ControlWords> = {
  pause: {
    icon: "pause",
    label: "Stop polling",
    doing: "Stopping",
    code: "widget.pause()\nwidget.resume()",
  },
  poll: {
    icon: "refresh",
    label: "Poll now",
    doing: "Polling",
    code: "await widget.refresh()",
  },
  settings: {
    icon: "gear",
    label: "Settings",
    doing: "Changing settings",
    code: 'widget.set("polling_interval", 1)\nwidget.set("lines", 100)',
  },
  start: {
    icon: "play",
    label: "Start the process",
    doing: "Starting",
    code: "await handle.start()",
  },
  restart: {
    icon: "restart",
    label: "Restart the process",
    doing: "Restarting",
    question: "End the process and start it again?",
    code: "await handle.restart()",
  },
  terminate: {
    icon: "stop",
    label: "Terminate the process",
    doing: "Terminating",
    question: "End the process?",
    code: "await handle.terminate()",
  },
  clear_logs: {
    icon: "erase",
    label: "Clear the log files",
    doing: "Clearing",
    question: "Empty the log files for good?",
    code: 'await Deno.truncate("stdout.log")',
  },
};

/** The controls that make sense now. */
export function usable(
  controls: readonly Control[],
  running: boolean,
): readonly Control[] {
  return controls.filter((control) => {
    if (control === "start") return !running;
    if (control === "restart" || control === "terminate") return running;
    return true;
  });
}
