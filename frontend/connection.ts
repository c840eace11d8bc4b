/** How a view stands to its kernel, in words. */

import type { UplinkState } from "../jupyter/page/uplink.ts";
import type { Notice } from "./view.ts";

/** What a view knows of the widget in the kernel. */
export interface Link {
  readonly state: UplinkState;
  /** Whether there is a way to the kernel. */
  readonly available: boolean;
  /** When the kernel was last heard of, in epoch milliseconds; null if never. */
  readonly heardAt: number | null;
}

/** Whether what a view shows is what the kernel has. */
function isCurrent({ state }: Link): boolean {
  return state === "ready" || state === "unavailable";
}

/** Tells why a view is not current and what happens next; null if it is. */
export function linkNotice(link: Link): Notice | null {
  if (isCurrent(link)) return null;
  const { state, heardAt } = link;
  if (heardAt === null) return { kind: "link", text: reason(state) };
  const time = new Date(heardAt).toLocaleTimeString();
  return { kind: "link", text: `${reason(state)}. Last update: ${time}` };
}

function reason(state: UplinkState): string {
  switch (state) {
    case "busy":
      return "The kernel is busy: updates resume by themselves";
    case "stale":
      return "No updates come from the kernel; if that lasts, run the cell again";
    case "offline":
      return "No connection to the kernel: the page tries again by itself; if that fails, reload it and run the cell again";
    default:
      return "This view is no longer connected: run the cell again";
  }
}
