import type { WidgetDefinition } from "../../jupyter/mod.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { ExitWatch } from "../../process/system/exit_watch.ts";
import { Detail } from "./detail.ts";
import { Listing } from "./listing.ts";
import { RowPoller } from "./row.ts";
import type { DashboardSource, ListedProcess } from "./source.ts";
import type { DashboardControl, DashboardTraits, RowId } from "./traits.ts";

/** How many rows are polled at a time. */
const PARALLEL = 32;

/** How long a tick waits for rows that take long, in milliseconds, and by how much
 * longer for each of them: a file system that hangs must not delay the others, but
 * the first poll of many takes a while. */
const PATIENCE_MS = 500;
const PATIENCE_PER_ROW_MS = 2;

/** How many rows that nobody sees are measured per tick, in turns. */
const MEASURED_PER_TICK = 4;

/** After how many ticks a row is polled although nothing was reported, in turns. */
const CHECK_TICKS = 4;

/** How many views can name the rows that they display. */
const MAX_VIEWS = 16;

/** Where a {@linkcode Board} publishes what it finds. */
export interface BoardOutput {
  /** Adds traits, some of which are sliding lists. */
  add(
    traits: Partial<DashboardTraits>,
    sliding?: WidgetDefinition<DashboardTraits>["sliding"],
  ): void;
  /** Removes traits. */
  remove(traits: readonly (keyof DashboardTraits)[]): void;
  /** Sets traits. */
  update(traits: Partial<DashboardTraits>): void;
}

/**
 * Keeps the rows of a dashboard up to date.
 *
 * A tick costs what has changed, not what there is: most changes of files and all
 * exits are reported by the system, the usage is measured of the rows that somebody
 * sees, and the others take turns.
 */
export class Board implements Disposable {
  #output: BoardOutput | null = null;
  readonly #listing: Listing;
  readonly #exits = new ExitWatch();
  /** The ids of all processes that were ever listed, by their keys. */
  readonly #idByKey = new Map<string, RowId>();
  #rows: ReadonlyMap<RowId, RowPoller> = new Map();
  readonly #details = new Map<RowId, Detail>();
  readonly #visible = new Map<string, readonly RowId[]>();
  /** Rows that are being polled. */
  readonly #busy = new Set<RowPoller>();
  /** Rows to publish, and what else there is to publish. */
  readonly #changed = new Set<RowPoller>();
  #pending: Partial<DashboardTraits> = {};
  /** The ids that were published, and whether they are current. */
  #published: readonly RowId[] = [];
  #isListed = true;
  #processes: readonly ListedProcess[] = [];
  #order: readonly RowPoller[] = [];
  readonly #measuredInTurns = new RoundRobin();
  readonly #checkedInTurns = new RoundRobin();
  #ticks = 0;
  #tick: Promise<void> = Promise.resolve();
  #expanded: readonly RowId[] = [];
  #isListing = false;
  #isClosed = false;

  /**
   * @param offered What views may request.
   * @throws {TypeError | RangeError} If a source is invalid.
   */
  constructor(
    source: DashboardSource,
    offered: readonly DashboardControl[],
  ) {
    this.#listing = new Listing(source, offered);
  }

  /** Where it publishes from now on. */
  set output(output: BoardOutput) {
    this.#output = output;
  }

  /** The managers whose processes are shown. */
  get folders(): Listing["folders"] {
    return this.#listing.folders;
  }

  /** Returns the row with this id, if there is one. */
  row(id: RowId): RowPoller | undefined {
    return this.#rows.get(id);
  }

  /** Opens the cards of these rows, and closes all others. */
  set expanded(ids: readonly RowId[]) {
    this.#expanded = ids;
    for (const [id, detail] of this.#details) {
      if (ids.includes(id) && this.#rows.has(id)) continue;
      this.#details.delete(id);
      detail.close();
      for (const name of detail.names) delete this.#pending[name];
      this.#output?.remove(detail.names);
    }
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (!row || this.#details.has(id)) continue;
      const detail = new Detail(id, row.process);
      this.#details.set(id, detail);
      this.#output?.add(detail.initial, detail.sliding);
    }
  }

  /** Notes which rows a view displays. */
  see(view: string, ids: readonly RowId[]): void {
    this.#visible.delete(view);
    this.#visible.set(view, ids);
    for (const oldest of this.#visible.keys()) {
      if (this.#visible.size <= MAX_VIEWS) break;
      this.#visible.delete(oldest);
    }
  }

  /** Forgets which rows are displayed, and stops watching until the next tick. */
  async rest(): Promise<void> {
    this.#visible.clear();
    const ticks = this.#ticks;
    // A tick that is running must not undo it.
    await this.#tick;
    if (ticks !== this.#ticks) return;
    for (const row of this.#order) row.rest();
  }

  /** Makes the next tick poll all rows. */
  expire(): void {
    for (const row of this.#order) row.expire();
  }

  /** Publishes why polling failed. */
  fail(error: unknown): void {
    this.#output?.update({ error: `Cannot poll the processes: ${error}` });
  }

  /** Publishes a row now. */
  publish(row: RowPoller): void {
    this.#changed.add(row);
    this.#publish();
  }

  /** Polls what may have changed, and publishes it. Never rejects. */
  tick(): Promise<void> {
    this.#ticks++;
    return this.#tick = this.#pollDue();
  }

  async #pollDue(): Promise<void> {
    await within(PATIENCE_MS, this.#relist());
    if (this.#isClosed) return;
    const exited = this.#exits.takeExited();
    if (exited.length > 0) {
      for (const row of this.#order) {
        if (row.pid !== null && exited.includes(row.pid)) row.expire();
      }
    }
    const measured = this.#takeMeasured();
    const isCheck = this.#ticks % CHECK_TICKS === 0;
    const checked = this.#checkedInTurns.take(this.#order, isCheck ? 1 : 0);
    const due = this.#order.filter((row) =>
      row.isDue || this.#details.has(row.id) || checked.has(row)
    );
    const patience = PATIENCE_MS + due.length * PATIENCE_PER_ROW_MS;
    await within(patience, pooled(due, (row) => this.#poll(row)));
    // One after the other, as finding and measuring a process then share a read.
    for (const row of measured) await this.#measure(row);
    if (!this.#isClosed) this.#publish();
  }

  /** Stops polling for good. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.expanded = [];
    for (const row of this.#order) row.close();
    this.#exits.close();
  }

  /** Does the same as {@linkcode Board.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #relist(): Promise<void> {
    if (this.#isListing) return;
    this.#isListing = true;
    const { processes, error } = await this.#listing.read();
    this.#isListing = false;
    if (this.#isClosed) return;
    this.#pending.error = error;
    if (processes !== this.#processes) this.#list(processes);
  }

  #list(processes: readonly ListedProcess[]): void {
    this.#processes = processes;
    const left = new Map(this.#order.map((row) => [row.process, row]));
    this.#order = processes.map((process) => {
      const row = left.get(process);
      left.delete(process);
      return row ?? new RowPoller(this.#idOf(process), process, this.#exits);
    });
    for (const row of left.values()) row.close();
    this.#rows = new Map(this.#order.map((row) => [row.id, row]));
    this.expanded = this.#expanded;
    this.#isListed = false;
  }

  /** A process that is removed and created again keeps its id, so that its row stays
   * expanded. */
  #idOf({ key }: ListedProcess): RowId {
    let id = this.#idByKey.get(key);
    if (id === undefined) {
      this.#idByKey.set(key, id = `p${this.#idByKey.size + 1}`);
    }
    return id;
  }

  async #poll(row: RowPoller): Promise<void> {
    if (this.#busy.has(row)) return;
    this.#busy.add(row);
    try {
      const detail = this.#details.get(row.id);
      const snapshot = await detail?.read();
      await row.poll(snapshot);
      this.#changed.add(row);
      if (detail && snapshot) this.#show(row, detail, snapshot);
      const { command, error } = row.row;
      // Its config is missing.
      if (command === null && error === null) {
        this.#listing.doubt(row.process.key);
      }
    } finally {
      this.#busy.delete(row);
    }
  }

  #show(row: RowPoller, detail: Detail, snapshot: ProcessSnapshot): void {
    if (this.#details.get(row.id) !== detail) return;
    Object.assign(this.#pending, detail.traitsOf(snapshot, row.row));
  }

  async #measure(row: RowPoller): Promise<void> {
    await row.measure();
    this.#changed.add(row);
  }

  /** Returns the rows to measure now: those that somebody sees, and some others. The
   * usage of an expanded row is that of its card. */
  #takeMeasured(): Set<RowPoller> {
    const rows = this.#measuredInTurns.take(this.#order, MEASURED_PER_TICK);
    for (const id of [...this.#visible.values()].flat()) {
      const row = this.#rows.get(id);
      if (row) rows.add(row);
    }
    for (const id of this.#details.keys()) rows.delete(this.#rows.get(id)!);
    return rows;
  }

  /** Publishes everything at once, so that a tick sends one message. */
  #publish(): void {
    const traits = this.#pending;
    this.#pending = {};
    for (const row of this.#changed) {
      if (this.#rows.get(row.id) === row) Object.assign(traits, traitsOf(row));
    }
    this.#changed.clear();
    if (!this.#isListed) {
      this.#isListed = true;
      const ids = this.#order.map(({ id }) => id);
      const before = new Set(this.#published);
      const added = this.#order.filter(({ id }) => !before.has(id));
      this.#output?.add(Object.assign({}, ...added.map(traitsOf)));
      for (const id of this.#published) {
        if (this.#rows.has(id)) continue;
        this.#output?.remove([`row:${id}`, `usage:${id}`]);
      }
      this.#published = ids;
      traits.ids = ids;
    }
    this.#output?.update(traits);
  }
}

function traitsOf(row: RowPoller): Partial<DashboardTraits> {
  const traits: Partial<DashboardTraits> = {};
  traits[`row:${row.id}`] = row.row;
  traits[`usage:${row.id}`] = row.usage;
  return traits;
}

/** Takes items of a list in turns. */
class RoundRobin {
  #next = 0;

  /** Takes the next items, at most all of them. */
  take<T>(items: readonly T[], count: number): Set<T> {
    const taken = new Set<T>();
    for (let left = Math.min(count, items.length); left > 0; left--) {
      taken.add(items[this.#next++ % items.length]);
    }
    return taken;
  }
}

/** Handles all items, some at a time. */
async function pooled<T>(
  items: readonly T[],
  handle: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const work = async () => {
    for (const item of rest) await handle(item);
  };
  const workers = Math.min(PARALLEL, items.length);
  await Promise.all(Array.from({ length: workers }, work));
}

/** Waits for work, but no longer than that; it then goes on by itself. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
