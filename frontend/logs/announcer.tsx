/** Announces new lines to screen readers, at a rate that a listener can follow. */

import { useEffect, useRef, useState } from "preact/hooks";
import { endOf, type Rows, rowsFrom } from "./log_store.ts";

/** Milliseconds between two announcements. */
const INTERVAL = 5000;
/** More lines than this are counted instead of read. */
const MAX_LINES = 3;
/** Longer lines are cut, in characters. */
const MAX_LENGTH = 200;

export interface AnnouncerProps {
  readonly title: string;
  readonly rows: Rows;
}

export function Announcer({ title, rows }: AnnouncerProps) {
  const [text, setText] = useState("");
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => {
    // Readers find the initial rows by navigating to them.
    let announced = endOf(latest.current);
    const timer = setInterval(() => {
      const { list } = rowsFrom(latest.current, announced);
      announced = endOf(latest.current);
      if (list.length > 0) setText(announcement(title, list));
    }, INTERVAL);
    return () => clearInterval(timer);
  }, []);
  return <div class="pw-spoken" role="status">{text}</div>;
}

function announcement(title: string, list: Rows["list"]): string {
  if (list.length > MAX_LINES) return `${title}: ${list.length} new lines`;
  const lines = list.map(({ text }) => text.slice(0, MAX_LENGTH));
  return `${title}: ${lines.join("\n")}`;
}
