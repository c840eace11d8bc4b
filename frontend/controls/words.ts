/** What controls are called, ask and do. */

import type { Control } from "../../widget/controls.ts";
import type { IconName } from "../icon.tsx";

/** What a button is for: a control of the kernel's, or the settings. */
export type ButtonFor = Control | "settings";

/** The words for a button. */
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

export const WORDS: Record<ButtonFor, ControlWords> = {
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

/** The buttons that make sense now, from the left. */
export function usable(
  controls: readonly Control[],
  running: boolean,
): readonly ButtonFor[] {
  const useless = running ? ["start"] : ["restart", "terminate"];
  return (Object.keys(WORDS) as ButtonFor[]).filter((button) =>
    !useless.includes(button) &&
    // Who may stop polling may also say how often it goes on.
    controls.includes(button === "settings" ? "pause" : button)
  );
}
