/** Tells screen readers what a log prints, without reading a firehose aloud. */

import { useEffect, useRef, useState } from "preact/hooks";
import { endOf, type Rows, rowsFrom } from "./rows.ts";

/** The least time between two announcements, in milliseconds. */
const PAUSE = 5000;
/** More lines than this at once are counted instead of read. */
const READABLE = 3;

export interface AnnouncerProps {
  readonly title: string;
  readonly rows: Rows;
}

export function Announcer({ title, rows }: AnnouncerProps) {
  const [text, setText] = useState("");
  const latest = useRef(rows);
  latest.current = rows;
  // What is there at the start is found by going there.
  useEffect(() => {
    let told = endOf(latest.current);
    const timer = setInterval(() => {
      const fresh = rowsFrom(latest.current, told).list;
      told = endOf(latest.current);
      if (fresh.length > 0) setText(announcement(title, fresh));
    }, PAUSE);
    return () => clearInterval(timer);
  }, []);
  return <div class="pw-spoken" role="status">{text}</div>;
}

function announcement(title: string, fresh: Rows["list"]): string {
  if (fresh.length > READABLE) return `${title}: ${fresh.length} new lines`;
  return `${title}: ${fresh.map(({ text }) => text.slice(0, 200)).join("\n")}`;
}
