import { css, esm } from "../../frontend/dist/dashboard.ts";
import { AnyWidget } from "../../jupyter/mod.ts";
import { checkInterval, DEFAULT_INTERVAL_MS } from "../../poller.ts";
import { checkPollingActive, checkTheme } from "../options.ts";
import {
  checkPollingInterval,
  type PollingActions,
  WidgetPolling,
} from "../polling.ts";
import { Actions } from "./actions.ts";
import { Board, type BoardOutput } from "./board.ts";
import { checkForm, createFromForm } from "./creation.ts";
import { listRows, renderRows, rowsOf, summarizeRows } from "./fallback.ts";
import {
  checkControls,
  checkExpanded,
  checkFilter,
  checkSorting,
  type DashboardOptions,
} from "./options.ts";
import type { DashboardSource } from "./source.ts";
import type {
  DashboardControl,
  DashboardRequest,
  DashboardTraits,
  RowId,
} from "./traits.ts";

/**
 * A live table of background processes.
 *
 * It starts polling when it is created. Once displayed, it polls until it is
 * closed; one that was never displayed stops when it is garbage-collected. While no
 * page displays it, it does not poll.
 */
export class ProcessDashboard extends AnyWidget<DashboardTraits> {
  readonly #polling: WidgetPolling<void>;
  readonly #actions: Actions;
  readonly #board: Board;

  /**
   * Creates a dashboard and starts polling.
   *
   * @throws {TypeError} If a source or an option is invalid.
   * @throws {RangeError} If the interval is out of range.
   */
  constructor(source: DashboardSource, options: DashboardOptions = {}) {
    const interval = checkInterval(options.interval ?? DEFAULT_INTERVAL_MS);
    const theme = checkTheme(options.theme ?? "auto");
    const wanted = checkControls(options.controls);
    const board = new Board(source, wanted);
    const polling = new WidgetPolling<void>();
    super({
      id: "process-dashboard",
      esm,
      css,
      traits: {
        dir: board.folders[0]?.dir ?? "",
        ids: [],
        controls: wanted.filter((control) =>
          control !== "create" || board.folders.length > 0
        ),
        sort: { column: "name", descending: false },
        filter: { text: "", statuses: [] },
        expanded: [],
        creation: null,
        theme,
        polling_active: true,
        polling_interval: interval / 1000,
        error: null,
      },
      writable: [
        ...["sort", "filter", "expanded", "polling_active"] as const,
        "polling_interval",
      ],
      checks: {
        theme: checkTheme,
        sort: checkSorting,
        filter: checkFilter,
        expanded: checkExpanded,
        polling_active: checkPollingActive,
        polling_interval: checkPollingInterval,
      },
      heartbeat: () => polling.isCurrent(),
      ready: () => polling.ready(),
      fallback: (traits) => ({
        "text/plain": listRows(rowsOf(traits), Date.now()),
        "text/html": renderRows(rowsOf(traits), new Date()),
      }),
      onViewsChange: (views) => polling.visible = views > 0,
    });
    board.output = outputTo(new WeakRef(this));
    this.#polling = polling;
    this.#board = board;
    this.#actions = new Actions({
      rowOf: (id) => board.row(id),
      onChange: (row) => board.publish(row),
      onEnd: () => this.refresh(),
    });
    polling.begin(interval, actionsOn(board));
    polling.follow(this, options.signal);
    this.on("msg:custom", (content) => this.#handle(content));
    this.on("change:expanded", ({ value }) => {
      board.expanded = value;
      this.refresh();
    });
    this.on("change:polling_active", ({ value }) => polling.active = value);
    this.on("change:polling_interval", ({ value }) => {
      polling.interval = value * 1000;
    });
  }

  /** Polls now, even while paused; resolves when the traits are up to date. */
  refresh(): Promise<void> {
    return this.#polling.refresh();
  }

  /** Stops polling until {@linkcode ProcessDashboard.resume}; views show that it is
   * paused. */
  pause(): void {
    this.set("polling_active", false);
  }

  /** Resumes polling, starting now. */
  resume(): void {
    this.set("polling_active", true);
  }

  /** Stops polling and removes the dashboard from the page. Idempotent. */
  override close(): void {
    this.#polling.end();
    super.close();
  }

  /** Summarizes the processes in one line. */
  override toString(): string {
    return summarizeRows(rowsOf(this.all()));
  }

  /**
   * Handles a message of a view.
   *
   * @throws {Error} If it requests what is not offered.
   */
  #handle(content: unknown): void {
    const request = Object(content) as DashboardRequest;
    switch (request.control) {
      case "poll":
        this.#board.expire();
        return void this.refresh();
      case "visible":
        return this.#board.see(String(request.view), checkIds(request.ids));
      case "dismiss":
        return this.#actions.dismiss(checkIds(request.ids));
      case "create":
        return this.#create(request);
      default:
        this.#checkOffered(request.control);
        this.#actions.request(request.control, checkIds(request.ids));
    }
  }

  #create({ request, values }: DashboardRequest & { control: "create" }): void {
    this.#checkOffered("create");
    const form = checkForm(values);
    const name = form.name.trim();
    const show = (
      state: "running" | "failed" | "created",
      errors: Awaited<ReturnType<typeof createFromForm>> = {},
    ) => {
      const creation = { request: String(request), name, state, errors };
      this.set("creation", creation);
    };
    if (this.get("creation")?.state === "running") {
      throw new Error(
        "Cannot create two processes at a time: try again when the first has started",
      );
    }
    show("running");
    createFromForm(this.#board.folders[0], form).then(async (errors) => {
      // The row comes first, so that the page can scroll to it.
      await this.refresh();
      show(Object.keys(errors).length === 0 ? "created" : "failed", errors);
    });
  }

  #checkOffered(control: DashboardControl): void {
    const offered = this.get("controls");
    if (offered.includes(control)) return;
    throw new Error(
      `Cannot do ${Deno.inspect(control)} as it is not offered: offered is ${
        offered.join(", ") || "nothing"
      }`,
    );
  }
}

/** Publishes into the traits of a widget, which may be garbage-collected. */
function outputTo(widget: WeakRef<AnyWidget<DashboardTraits>>): BoardOutput {
  return {
    add: (traits, sliding) => widget.deref()?.addTraits(traits, sliding),
    remove: (traits) => widget.deref()?.removeTraits(traits),
    update: (traits) => widget.deref()?.update(traits),
  };
}

function checkIds(ids: unknown): readonly RowId[] {
  if (Array.isArray(ids) && ids.every((id) => typeof id === "string")) {
    return ids;
  }
  throw new TypeError(
    `Cannot find rows as 'ids' must be a list of ids: current value is ${
      Deno.inspect(ids, { depth: 1 })
    }`,
  );
}

/** Returns how a board is polled. Not in the constructor, whose functions all keep
 * the widget from being garbage-collected. */
function actionsOn(board: Board): PollingActions<void> {
  return {
    poll: () => board.tick(),
    onSnapshot: () => {},
    onError: (error) => board.fail(error),
    onStop: () => board.rest(),
    onEnd: () => board.close(),
  };
}
