/** A log with its tools: follow, search, copy and clear. */

import { useRef, useState } from "preact/hooks";
import { CopyButton } from "../copy_button.tsx";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import type { Palette } from "../theme.ts";
import { Announcer } from "./announcer.tsx";
import type { Position } from "./viewport.ts";
import { LogRows } from "./log_rows.tsx";
import { endOf, type LogId, retain, type Rows, rowsFrom } from "./log_store.ts";
import { useSearch } from "./search.ts";
import { SearchBox } from "./search_box.tsx";

/** Maximum number of rows retained for a reader: twice the size of a log. */
const RETAINED_ROWS = 20_000;

export interface LogPaneProps {
  readonly log: LogId;
  readonly title: string;
  readonly rows: Rows;
  readonly palette: Palette;
  readonly wrap: boolean;
  /** Shown when there are no rows. */
  readonly placeholder: string;
}

export function LogPane(props: LogPaneProps) {
  const { log, title, palette, wrap, placeholder } = props;
  const [position, setPosition] = useState<Position | null>(null);
  // Older rows than the first may arrive, with negative numbers.
  const [cleared, setCleared] = useState(-Infinity);
  const [searching, setSearching] = useState(false);

  const following = position === null;
  const rows = rowsFrom(useRetained(props.rows, !following), cleared);
  const end = endOf(rows);
  const seen = useRef(end);
  if (following) seen.current = end;

  const search = useSearch(
    rows,
    ({ row }) => setPosition({ row, at: "middle", offset: 0 }),
  );
  const hold = () =>
    setPosition((now) => now ?? { row: end, at: "bottom", offset: 0 });
  const follow = () => setPosition(null);

  const unseen = end - seen.current;
  return (
    <div class="pw-log" role="group" aria-label={title}>
      <div class="pw-log-head">
        <h3 class="pw-log-title">{title}</h3>
        <div class="pw-tools" role="toolbar" aria-label={`${title} tools`}>
          <IconButton
            icon="follow"
            label="Follow the end"
            text="Follow"
            pressed={following}
            onClick={following ? hold : follow}
          />
          <IconButton
            icon="search"
            label="Search"
            text="Search"
            pressed={searching}
            onClick={() => setSearching(!searching)}
          />
          <CopyButton
            label="Copy all lines"
            short="Copy"
            text={() => rows.list.map((row) => row.text).join("\n")}
          />
          <IconButton
            icon="erase"
            label="Clear the view"
            text="Clear"
            disabled={rows.list.length === 0}
            onClick={() => {
              setCleared(end);
              follow();
            }}
          />
        </div>
      </div>
      {searching && (
        <SearchBox
          {...search}
          label={`Search ${title.toLowerCase()}`}
          onClose={() => {
            search.setText("");
            setSearching(false);
          }}
        />
      )}
      <div class="pw-log-frame" data-tint={log}>
        <LogRows
          log={log}
          label={title}
          rows={rows}
          palette={palette}
          wrap={wrap}
          search={search.search}
          current={search.current}
          placeholder={cleared > 0 ? "Cleared in this view" : placeholder}
          position={position}
          onScroll={setPosition}
          onSelect={hold}
        />
        {unseen > 0 && (
          <button type="button" class="pw-fresh" onClick={follow}>
            <Icon name="follow" />
            {unseen === 1 ? "1 new line" : `${unseen} new lines`}
          </button>
        )}
      </div>
      <Announcer title={title} rows={props.rows} />
    </div>
  );
}

/** Returns the rows, including those that left the log while the reader holds it. */
function useRetained(rows: Rows, holding: boolean): Rows {
  const last = useRef({ rows, holding, shown: rows });
  const previous = last.current;
  if (previous.rows !== rows || previous.holding !== holding) {
    const shown = holding ? retain(previous.shown, rows, RETAINED_ROWS) : rows;
    last.current = { rows, holding, shown };
  }
  return last.current.shown;
}
