/** The title of a dashboard, its filter, and the buttons that act on all of it. */

import type { Filter, Row } from "../../widget/dashboard/traits.ts";
import { STATUS_ICONS } from "../card_view.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import { STATUSES } from "./data/filter.ts";
import { Glyph } from "./glyph.tsx";

export interface HeaderProps {
  /** The base folder, or "". */
  readonly dir: string;
  readonly counts: ReadonlyMap<Row["status"], number>;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** The buttons, or null where the kernel cannot be reached. */
  readonly tools: ToolsProps | null;
}

export function Header(props: HeaderProps) {
  const { dir, counts, filter, onFilter, tools } = props;
  const toggle = (status: Row["status"]) => {
    const { statuses } = filter;
    const rest = statuses.filter((one) => one !== status);
    onFilter({
      ...filter,
      statuses: rest.length < statuses.length ? rest : [...rest, status],
    });
  };
  return (
    <div class="pd-header">
      <div class="pd-title-bar">
        <div class="pw-title">
          <Glyph name="processes" />
          <span>Processes</span>
        </div>
        {dir && (
          <span class="pd-dir" title={dir}>
            <bdi>{dir}</bdi>
          </span>
        )}
        {tools && <Tools {...tools} />}
      </div>
      <div class="pd-filter">
        <div class="pd-chips" role="group" aria-label="Filter by status">
          {STATUSES.map((status) => {
            const count = counts.get(status) ?? 0;
            const pressed = filter.statuses.includes(status);
            if (count === 0 && !pressed) return null;
            return (
              <button
                key={status}
                type="button"
                class="pd-chip"
                data-status={status}
                aria-pressed={pressed}
                title={pressed
                  ? `Show other processes, too`
                  : `Show processes that are ${status}`}
                onClick={() => toggle(status)}
              >
                <Icon name={STATUS_ICONS[status]} />
                <span class="pd-chip-count">{count}</span>{" "}
                <span class="pd-chip-word">{status}</span>
              </button>
            );
          })}
        </div>
        <label class="pd-search">
          <Icon name="search" />
          <input
            type="search"
            class="pw-input"
            aria-label="Filter by text"
            placeholder="Filter"
            value={filter.text}
            maxLength={1000}
            onInput={({ currentTarget }) =>
              onFilter({ ...filter, text: currentTarget.value })}
          />
        </label>
      </div>
    </div>
  );
}

export interface ToolsProps {
  /** Whether processes can be created. */
  readonly canCreate: boolean;
  readonly isCreating: boolean;
  readonly isPolling: boolean;
  readonly disabled: boolean;
  readonly onCreate: () => void;
  readonly onPoll: () => void;
  readonly onPolling: (active: boolean) => void;
}

function Tools(props: ToolsProps) {
  const { isCreating, isPolling, disabled } = props;
  return (
    <div class="pd-tools">
      {props.canCreate && (
        <button
          type="button"
          class="pw-button pd-create"
          aria-expanded={isCreating}
          aria-disabled={disabled}
          onClick={disabled ? undefined : props.onCreate}
        >
          <Glyph name="add" />
          <span>
            New <span class="pd-long">process</span>
          </span>
        </button>
      )}
      <span class="pd-view-tools" role="group" aria-label="Updates">
        <IconButton
          icon="poll"
          label="Poll now"
          disabled={disabled}
          onClick={props.onPoll}
        />
        <IconButton
          icon={isPolling ? "pause" : "resume"}
          label={isPolling ? "Pause polling" : "Resume polling"}
          disabled={disabled}
          onClick={() => props.onPolling(!isPolling)}
        />
      </span>
    </div>
  );
}
