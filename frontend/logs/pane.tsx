/** The last lines of a stream, in a pane that scrolls. */

import { useFirstLine } from "./first_line.ts";
import { useReadingPosition } from "./reading_position.ts";

export interface LogPaneProps {
  readonly stream: "stdout" | "stderr";
  readonly title: string;
  readonly lines: readonly string[];
  /** What to say when there are no lines. */
  readonly placeholder: string;
}

export function LogPane({ stream, title, lines, placeholder }: LogPaneProps) {
  const first = useFirstLine(lines);
  const { pane, onScroll } = useReadingPosition(lines);
  return (
    <div class="pw-log">
      <div class="pw-log-title">{title}</div>
      <div
        ref={pane}
        class="pw-log-pane"
        data-stream={stream}
        role="log"
        aria-label={title}
        aria-live="off"
        tabIndex={0}
        // JupyterLab would take the arrow keys that scroll the pane.
        data-lm-suppress-shortcuts="true"
        onScroll={onScroll}
      >
        {lines.length === 0 && <div class="pw-empty">{placeholder}</div>}
        {lines.map((line, index) => (
          <div key={first + index} class="pw-line">{line}</div>
        ))}
      </div>
    </div>
  );
}
