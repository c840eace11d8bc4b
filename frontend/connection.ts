/** Describes the connection of a view to its kernel. */

import type { Uplink } from "../jupyter/page/uplink.ts";
import type { Notice } from "./card_view.ts";

/** The state of a view's connection to the kernel. */
export type Connection = Pick<Uplink, "state" | "available" | "heardAt">;

/** The connection of a view that has no uplink. */
export const NO_CONNECTION: Connection = {
  state: "unavailable",
  available: false,
  heardAt: null,
};

/** Returns why a view may be out of date and what to do, or null if it is current. */
export function connectionNotice(
  { state, heardAt }: Connection,
): Notice | null {
  const explanation = EXPLANATIONS[state];
  if (!explanation) return null;
  const last = heardAt === null
    ? ""
    : `. Last update: ${new Date(heardAt).toLocaleTimeString()}`;
  return { kind: "connection", text: explanation + last };
}

const EXPLANATIONS: { readonly [S in Connection["state"]]?: string } = {
  busy: "The kernel is busy: updates resume by themselves",
  stale: "No updates from the kernel: if this lasts, run the cell again",
  offline:
    "No connection to the kernel: the page reconnects by itself; if that fails, reload it and run the cell again",
  gone: "This view is no longer connected: run the cell again",
};
