/** A log in an element that scrolls, of which only what is in sight is drawn. */

import { inkOf } from "../terminal/ink.ts";
import { PLAIN } from "../terminal/style.ts";
import type { Row } from "../terminal/row.ts";
import type { Palette } from "../theme.ts";
import type { Stream } from "../view.ts";
import type { Stretch } from "./links.ts";
import { streamOf } from "./merged_log.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import type { Position } from "./position.ts";
import type { Rows } from "./rows.ts";
import type { Match, Search } from "./search.ts";
import { PROBE } from "./use_box.ts";
import { useViewport } from "./viewport.ts";

export interface LogRowsProps {
  readonly id: string;
  readonly stream: Stream | "merged";
  readonly label: string;
  readonly rows: Rows;
  readonly palette: Palette;
  readonly wrap: boolean;
  readonly search: Search | null;
  /** The match that the reader is at. */
  readonly current: Match | null;
  /** What to say when there are no rows. */
  readonly placeholder: string;
  /** Where the reader stays; null follows the end. */
  readonly position: Position | null;
  readonly onScroll: (position: Position | null) => void;
}

export function LogRows(props: LogRowsProps) {
  const { rows, wrap, search, current, palette } = props;
  const viewport = useViewport(props);
  const { layout, start, end } = viewport;
  const shown = rows.list.slice(start, end);
  return (
    <div
      ref={viewport.pane}
      id={props.id}
      class="pw-log-pane"
      data-stream={props.stream}
      data-wrap={wrap}
      role="log"
      aria-label={props.label}
      aria-live="off"
      tabIndex={0}
      // JupyterLab would take the arrow keys that scroll the pane.
      data-lm-suppress-shortcuts="true"
      onScroll={viewport.handleScroll}
    >
      {rows.list.length === 0 && <div class="pw-empty">{props.placeholder}
      </div>}
      <div
        class="pw-rows"
        style={{
          height: `${layout.height}px`,
          minWidth: wrap ? "0" : `${layout.columns}ch`,
        }}
      >
        <span ref={viewport.probe} class="pw-probe" aria-hidden="true">
          {"0".repeat(PROBE)}
        </span>
        <div style={{ transform: `translateY(${layout.topOf(start)}px)` }}>
          {shown.map((row, at) => {
            const number = rows.first + start + at;
            return (
              <LogRow
                key={number}
                row={row}
                origin={props.stream === "merged" ? streamOf(row) : undefined}
                palette={palette}
                matches={search ? search.in(row) : NONE}
                current={current?.row === number ? current.nth : -1}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const NONE: readonly Stretch[] = [];

interface LogRowProps {
  readonly row: Row;
  /** Where it came from, if that is not clear. */
  readonly origin: Stream | undefined;
  readonly palette: Palette;
  readonly matches: readonly Stretch[];
  /** Which of the matches the reader is at; -1 for none. */
  readonly current: number;
}

function LogRow({ row, origin, palette, matches, current }: LogRowProps) {
  const plain = row.runs.length === 0 && matches.length === 0 &&
    !row.text.includes("://");
  return (
    <div class="pw-line" data-origin={origin}>
      {plain ? row.text : piecesOf(row, matches).map((piece, at) => (
        <LogPiece
          key={at}
          piece={piece}
          palette={palette}
          current={piece.match !== -1 && piece.match === current}
        />
      ))}
    </div>
  );
}

interface LogPieceProps {
  readonly piece: Piece;
  readonly palette: Palette;
  readonly current: boolean;
}

function LogPiece({ piece, palette, current }: LogPieceProps) {
  const { text, style, link, match } = piece;
  let content = <>{text}</>;
  if (style !== PLAIN) {
    content = <span style={inkOf(style, palette)}>{text}</span>;
  }
  if (match !== -1) {
    content = <mark class="pw-match" data-current={current}>{text}</mark>;
  }
  if (link === null) return content;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer" class="pw-link">
      {content}
    </a>
  );
}
