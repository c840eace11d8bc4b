/** One stream of a process, with the tools to read it. */

import { useId, useRef, useState } from "preact/hooks";
import { CopyButton } from "../copy_button.tsx";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import type { Palette } from "../theme.ts";
import type { Stream } from "../view.ts";
import { Announcer } from "./announcer.tsx";
import { LogRows } from "./log_rows.tsx";
import type { Position } from "./position.ts";
import { endOf, type Rows, rowsFrom } from "./rows.ts";
import { SearchBox } from "./search_box.tsx";
import { useRetained } from "./use_retained.ts";
import { useSearch } from "./use_search.ts";
import { useSelection } from "./use_selection.ts";

export interface LogPaneProps {
  readonly stream: Stream | "merged";
  readonly title: string;
  readonly rows: Rows;
  readonly palette: Palette;
  readonly wrap: boolean;
  /** What to say when there are no lines. */
  readonly placeholder: string;
}

export function LogPane(props: LogPaneProps) {
  const { stream, title, palette, wrap, placeholder } = props;
  const id = useId();
  const [position, setPosition] = useState<Position | null>(null);
  const [cleared, setCleared] = useState(0);
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
  useSelection(id, hold);

  const fresh = end - seen.current;
  return (
    <div class="pw-log" role="group" aria-label={title}>
      <div class="pw-log-head">
        <h3 class="pw-log-title">{title}</h3>
        <div class="pw-tools" role="toolbar" aria-label={`${title} tools`}>
          <IconButton
            icon={following ? "pause" : "follow"}
            label={following ? "Hold" : "Follow the end"}
            pressed={!following}
            onClick={following ? hold : follow}
          />
          <IconButton
            icon="search"
            label="Search"
            pressed={searching}
            onClick={() => setSearching(!searching)}
          />
          <CopyButton
            label="Copy all lines"
            text={() => rows.list.map((row) => row.text).join("\n")}
          />
          <IconButton
            icon="clear"
            label="Clear the view"
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
      <div class="pw-log-frame" data-tint={stream}>
        <LogRows
          id={id}
          stream={stream}
          label={title}
          rows={rows}
          palette={palette}
          wrap={wrap}
          search={search.search}
          current={search.current}
          placeholder={cleared > 0 ? "Cleared in this view" : placeholder}
          position={position}
          onScroll={setPosition}
        />
        {fresh > 0 && (
          <button type="button" class="pw-fresh" onClick={follow}>
            <Icon name="down" />
            {fresh === 1 ? "1 new line" : `${fresh} new lines`}
          </button>
        )}
      </div>
      <Announcer title={title} rows={props.rows} />
    </div>
  );
}
