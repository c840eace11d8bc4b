/** The dashboard: all processes in one table, and what acts on them. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { DashboardTraits, RowId } from "../../widget/dashboard/traits.ts";
import type { Notice } from "../card_view.ts";
import { type Connection, connectionNotice } from "../connection.ts";
import { NoticeBox } from "../notice_box.tsx";
import type { Palette } from "../theme.ts";
import { Announcer } from "./announcer.tsx";
import { CONTROL_TEXTS } from "./control_texts.tsx";
import {
  countStatuses,
  filtered,
  isFiltering,
  NO_FILTER,
} from "./data/filter.ts";
import {
  extend,
  NOTHING,
  type OfferedControl,
  offers,
  toggle,
  toggleAll,
} from "./data/selection.ts";
import { sorted, toggleSorting } from "./data/sort.ts";
import type { DashboardStore } from "./data/store.ts";
import { DetailCard } from "./detail_card.tsx";
import { Failures } from "./failures.tsx";
import { type Asked, Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { NewProcess } from "./new_process.tsx";
import { useCreation } from "./use_creation.ts";
import { arrange } from "./table/columns.ts";
import { Table } from "./table/table.tsx";

/** The width until it has been measured, in pixels. */
const USUAL_WIDTH = 900;

export interface DashboardProps {
  readonly store: DashboardStore;
  readonly connection: Connection;
  readonly palette: Palette;
  /** Whether it uses the colors of its page where it defines any. */
  readonly native: boolean;
  /** Under which the scroll position is stored. */
  readonly memory: string;
  /** Called with the rows in sight when they may have changed. */
  readonly onInSight: (ids: readonly RowId[]) => void;
}

export function Dashboard(props: DashboardProps) {
  const { store, connection, palette } = props;
  const { actions, view } = store;
  const { entries } = store.entries;
  const { sort, filter, expanded } = view;
  const controls = store.get("controls") ?? [];
  const { state, available } = connection;
  const canReach = available && state !== "gone";
  const isDisabled = state === "offline";

  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const canAct = canReach && controls.some((control) => control !== "create");
  const canHover = useMemo(() => matchMedia("(hover: hover)").matches, []);
  const arrangement = useMemo(
    () => arrange(width, { canAct, canHover }),
    [width, canAct, canHover],
  );
  const matching = useMemo(() => filtered(entries, filter), [entries, filter]);
  const ordered = useMemo(() => sorted(matching, sort), [matching, sort]);

  const [selection, setSelection] = useState(NOTHING);
  const selected = ordered.filter(({ id }) => selection.ids.has(id));

  const [asked, setAsked] = useState<Asked | null>(null);
  const request = (control: OfferedControl, ids: readonly RowId[]) => {
    if (CONTROL_TEXTS[control].warning !== null) {
      setAsked({ control, ids });
    } else actions.begin(control, ids);
  };
  // Processes may end, or leave, while the question is shown.
  const affected = asked?.ids.flatMap((id) => {
    const entry = store.entries.get(id);
    return entry && offers(entry, asked.control) ? entry : [];
  });

  const [isFormOpen, setFormOpen] = useState(false);
  const creation = useCreation(store, () => setFormOpen(false));
  const { revealed, hiddenBy, created } = creation;
  const isHidden = hiddenBy === filter;

  const notices = noticesOf(props);
  const [arranged, setArranged] = useState(0);
  const arrangeBy = <T extends "sort" | "filter">(
    trait: T,
    value: DashboardTraits[T],
  ) => {
    // Before, so that both are drawn at once.
    setArranged(arranged + 1);
    view.set(trait, value);
  };
  const clearFilter = () => arrangeBy("filter", NO_FILTER);
  const label = store.get("dir")
    ? `Processes in ${store.get("dir")}`
    : "Processes";
  return (
    <div
      ref={root}
      role="group"
      class="process-widget process-dashboard"
      data-theme={palette}
      data-native={props.native}
      data-connection={state}
      aria-label={label}
      // Keeps keys from triggering JupyterLab's shortcuts.
      data-lm-suppress-shortcuts="true"
    >
      <Header
        dir={store.get("dir") ?? ""}
        counts={countStatuses(entries)}
        filter={filter}
        onFilter={(filter) => arrangeBy("filter", filter)}
        tools={canReach
          ? {
            canCreate: controls.includes("create"),
            isCreating: isFormOpen,
            isPolling: store.get("polling_active") ?? true,
            disabled: isDisabled,
            onCreate: () => setFormOpen(!isFormOpen),
            onPoll: () => actions.poll(),
            onPolling: (active) => actions.setPolling(active),
          }
          : null}
      />
      {notices.map((notice) => <NoticeBox key={notice.kind} {...notice} />)}
      <NewProcess
        creation={creation.last}
        isRunning={creation.isRunning}
        open={isFormOpen && canReach}
        onSubmit={creation.create}
        onClose={() => setFormOpen(false)}
      />
      {isHidden && (
        <div class="pd-hidden" role="status">
          {created} was started, but the filter hides it.
          <button
            type="button"
            class="pw-button"
            onClick={() => {
              clearFilter();
              creation.reveal();
            }}
          >
            Show it
          </button>
        </div>
      )}
      <Table
        label={label}
        entries={ordered}
        sort={sort}
        arranged={arranged}
        expanded={expanded}
        selected={selection.ids}
        arrangement={arrangement}
        palette={palette}
        revealed={revealed}
        memory={props.memory}
        placeholder={isFiltering(filter) && entries.length > 0
          ? (
            <>
              <span>No process matches the filter.</span>
              <button type="button" class="pw-button" onClick={clearFilter}>
                Clear the filter
              </button>
            </>
          )
          : canReach && controls.includes("create")
          ? "No processes yet: start one with “New process”, or with run() in a cell."
          : "No processes yet."}
        isSending={(id) => isDisabled || actions.isSending(id)}
        renderDetail={(id) => {
          const detail = store.details.get(id);
          return (
            <DetailCard
              detail={detail}
              version={detail?.version}
              state={state}
              available={available}
              connection={connection}
              palette={palette}
              native={props.native}
            />
          );
        }}
        onSort={(column) => arrangeBy("sort", toggleSorting(sort, column))}
        onExpand={(id) => view.toggleExpanded(id)}
        onSelect={(id, range, shown) =>
          setSelection((before) =>
            range ? extend(before, id, shown) : toggle(before, id)
          )}
        onSelectAll={(shown) =>
          setSelection((before) => toggleAll(before, shown))}
        onControl={(control, id) => request(control, [id])}
        onInSight={props.onInSight}
        onEscape={() => setSelection(NOTHING)}
      />
      <Footer
        total={entries.length}
        shown={ordered.length}
        selected={canAct ? selected : []}
        asked={asked && affected && affected.length > 0
          ? { control: asked.control, entries: affected }
          : null}
        isWaiting={actions.isWaiting}
        disabled={isDisabled}
        onControl={request}
        onClear={() => setSelection(NOTHING)}
        onConfirm={() => {
          setAsked(null);
          actions.begin(asked!.control, affected!.map(({ id }) => id));
        }}
        onCancel={() => setAsked(null)}
      />
      <Failures
        entries={entries}
        refusal={actions.refusal}
        canDismiss={canReach}
        onDismiss={(ids) => {
          actions.forgetRefusal();
          if (ids.length > 0) actions.dismiss(ids);
        }}
      />
      <Announcer entries={entries} result={actions.result} />
    </div>
  );
}

function noticesOf({ store, connection }: DashboardProps): Notice[] {
  const notices: Notice[] = [];
  const disconnected = connectionNotice(connection);
  if (disconnected) notices.push(disconnected);
  const error = store.get("error");
  if (error) notices.push({ kind: "error", text: error });
  const scheduled = store.entries.entries
    .find(({ row }) => row.scheduler_notice);
  if (scheduled) {
    const { scheduler_notice: text, scheduler_at: at } = scheduled.row;
    notices.push({ kind: "scheduler", text: text!, at });
  }
  if (store.get("polling_active") === false) {
    const text = "Polling is paused: the rows show what was known before";
    notices.push({ kind: "paused", text });
  }
  return notices;
}

/** Measures the width of an element. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(USUAL_WIDTH);
  useLayoutEffect(() => {
    const { current } = element;
    const update = () => {
      // A hidden element has no width.
      if (current!.clientWidth > 0) setWidth(current!.clientWidth);
    };
    const observer = new ResizeObserver(update);
    observer.observe(current!);
    update();
    return () => observer.disconnect();
  }, []);
  return width;
}
