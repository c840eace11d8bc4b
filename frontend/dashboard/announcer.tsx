/** Tells screen readers what has happened, at a rate that a listener can follow. */

import { useEffect, useRef, useState } from "preact/hooks";
import { countProcesses } from "./data/actions.ts";
import type { Entries } from "./data/entries.ts";

/** Milliseconds between two announcements of failures. */
const INTERVAL = 5000;

export interface AnnouncerProps {
  readonly entries: Entries;
  /** The result of the last action, or "". */
  readonly result: string;
}

/** Announces the results of actions, and processes that fail. */
export function Announcer({ entries, result }: AnnouncerProps) {
  const [text, setText] = useState("");
  const latest = useRef(entries);
  latest.current = entries;
  useEffect(() => setText(result), [result]);
  useEffect(() => {
    let known = failedIn(latest.current);
    const timer = setInterval(() => {
      const failed = failedIn(latest.current);
      const added = [...failed.keys()].filter((id) => !known.has(id));
      known = failed;
      if (added.length === 1) setText(`${failed.get(added[0])} failed`);
      if (added.length > 1) setText(`${countProcesses(added.length)} failed`);
    }, INTERVAL);
    return () => clearInterval(timer);
  }, []);
  return <div class="pw-spoken" role="status">{text}</div>;
}

/** Returns the names of the failed processes by their ids. */
function failedIn(entries: Entries): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ id, row }) =>
      row.status === "failed" ? [[id, row.name]] : []
    ),
  );
}
