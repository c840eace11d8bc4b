/** The scrolling pane of a log, which renders only the rows in sight. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Stream } from "../../widget/traits.ts";
import type { Row } from "../terminal/row.ts";
import { cssOf, PLAIN } from "../terminal/style.ts";
import type { Palette } from "../theme.ts";
import { type LogId, streamOf } from "./log_store.ts";
import { type Piece, piecesOf, type Span } from "./pieces.ts";
import type { Match, Search } from "./search.ts";
import { PROBE_LENGTH, useViewport, type ViewportOptions } from "./viewport.ts";

export interface LogRowsProps extends ViewportOptions {
  readonly log: LogId;
  readonly label: string;
  readonly palette: Palette;
  readonly search: Search | null;
  /** The match that the reader is at. */
  readonly current: Match | null;
  /** Shown when there are no rows. */
  readonly placeholder: string;
  /** Called when the reader selects text. */
  readonly onSelect: () => void;
}

export function LogRows(props: LogRowsProps) {
  const { rows, wrap, search, current, palette } = props;
  const viewport = useViewport(props);
  const { layout, start, end } = viewport;
  useSelection(viewport.pane, props.onSelect);
  const isEmpty = rows.list.length === 0;
  return (
    <div
      ref={viewport.pane}
      class="pw-log-pane"
      data-stream={props.log}
      data-wrap={wrap}
      role="log"
      aria-label={props.label}
      aria-live="off"
      tabIndex={0}
      // Keeps the arrow keys, which scroll the pane, from JupyterLab.
      data-lm-suppress-shortcuts="true"
      onScroll={viewport.handleScroll}
    >
      {isEmpty && <div class="pw-empty">{props.placeholder}</div>}
      <div
        class="pw-rows"
        style={{
          height: `${viewport.height}px`,
          minWidth: wrap ? "0" : `${layout.columns}ch`,
        }}
      >
        <span ref={viewport.probe} class="pw-probe" aria-hidden="true">
          {"0".repeat(PROBE_LENGTH)}
        </span>
        <div style={{ transform: `translateY(${viewport.offset}px)` }}>
          {rows.list.slice(start, end).map((row, index) => {
            const number = rows.first + start + index;
            return (
              <LogRow
                key={number}
                row={row}
                origin={props.log === "merged" ? streamOf(row) : undefined}
                palette={palette}
                matches={search ? search.in(row) : NO_MATCHES}
                current={current?.row === number ? current.nth : -1}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Calls `onSelect` when text in the element is selected. */
function useSelection(
  element: RefObject<HTMLElement | null>,
  onSelect: () => void,
): void {
  useEffect(() => {
    const handle = () => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed) return;
      if (element.current?.contains(selection.anchorNode)) onSelect();
    };
    document.addEventListener("selectionchange", handle);
    return () => document.removeEventListener("selectionchange", handle);
  });
}

const NO_MATCHES: readonly Span[] = [];

interface LogRowProps {
  readonly row: Row;
  /** The stream of a row in the merged log. */
  readonly origin: Stream | undefined;
  readonly palette: Palette;
  readonly matches: readonly Span[];
  /** Index of the match that the reader is at, or -1. */
  readonly current: number;
}

function LogRow({ row, origin, palette, matches, current }: LogRowProps) {
  const plain = row.runs.length === 0 && matches.length === 0 &&
    !row.text.includes("://");
  return (
    <div class="pw-line" data-origin={origin}>
      {plain ? row.text : piecesOf(row, matches).map((piece, index) => (
        <LogPiece
          key={index}
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
    content = <span style={cssOf(style, palette)}>{text}</span>;
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
