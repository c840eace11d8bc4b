/** Sends the requests of views, and reports what becomes of them. */

import type { AnyModel } from "anywidget/types";
import type {
  DashboardRequest,
  DashboardTraits,
  FormValues,
  RowControl,
  RowId,
} from "../../../widget/dashboard/traits.ts";
import type { EntryStore } from "./entries.ts";

/** An action that was requested for rows, until none of them carries it out. */
interface Watched {
  readonly control: RowControl;
  readonly total: number;
  /** The rows that have neither finished nor failed. */
  readonly left: Set<RowId>;
  /** The rows in which it has begun. */
  readonly begun: Set<RowId>;
  failed: number;
}

/** What is announced when an action has ended. */
const RESULTS: Record<RowControl, string> = {
  start: "Started",
  restart: "Restarted",
  terminate: "Terminated",
  remove: "Removed",
  clear_logs: "Cleared the logs of",
};

/** The requests of all views of a model. Emits "change" when its state changes. */
export class Actions extends EventTarget {
  readonly #model: AnyModel<DashboardTraits>;
  readonly #entries: EntryStore;
  readonly #watched = new Set<Watched>();
  /** The rows named by requests that the kernel has not accepted yet. */
  readonly #sent = new Map<RowId, number>();
  #waiting = 0;
  #refusal: string | null = null;
  #result = "";

  constructor(model: AnyModel<DashboardTraits>, entries: EntryStore) {
    super();
    this.#model = model;
    this.#entries = entries;
  }

  /** Whether the kernel has not accepted all requests yet. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  /** Why the kernel refused the last request, or null. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** How many processes the last action has changed, as a sentence; or "". */
  get result(): string {
    return this.#result;
  }

  /** Returns whether a request for a row is on its way. */
  isSending(id: RowId): boolean {
    return this.#sent.has(id);
  }

  /** Begins an action on rows. */
  async begin(control: RowControl, ids: readonly RowId[]): Promise<void> {
    for (const id of ids) this.#sent.set(id, (this.#sent.get(id) ?? 0) + 1);
    const left = new Set(ids);
    const total = ids.length;
    const watched = {
      control,
      total,
      left,
      begun: new Set<RowId>(),
      failed: 0,
    };
    this.#watched.add(watched);
    const isAccepted = await this.#send({ control, ids });
    if (!isAccepted) this.#watched.delete(watched);
    for (const id of ids) {
      const count = this.#sent.get(id)! - 1;
      if (count > 0) this.#sent.set(id, count);
      else this.#sent.delete(id);
    }
    this.#changed();
  }

  /**
   * Requests a new process; resolves to whether the kernel has accepted that.
   *
   * @param request The id of the request.
   */
  create(request: string, values: FormValues): Promise<boolean> {
    return this.#send({ control: "create", request, values });
  }

  /** Forgets the failed actions of rows. */
  async dismiss(ids: readonly RowId[]): Promise<void> {
    await this.#send({ control: "dismiss", ids });
  }

  /** Polls all processes now. */
  async poll(): Promise<void> {
    await this.#send({ control: "poll" });
  }

  /** Pauses polling, or resumes it. */
  async setPolling(active: boolean): Promise<void> {
    await this.#request(async () => {
      this.#model.set("polling_active", active);
      await this.#model.save_changes();
    });
  }

  /** Forgets why a request was refused. */
  forgetRefusal(): void {
    this.#refusal = null;
    this.#changed();
  }

  /** Follows the requested actions, after the rows have changed. */
  update(): void {
    for (const watched of this.#watched) {
      for (const id of watched.left) this.#follow(watched, id);
      if (watched.left.size > 0) continue;
      this.#watched.delete(watched);
      this.#result = resultOf(watched);
    }
  }

  #follow(watched: Watched, id: RowId): void {
    const { control, left, begun } = watched;
    const entry = this.#entries.get(id);
    const action = entry?.row.action ?? null;
    if (action?.control === control && action.state === "running") {
      begun.add(id);
    } else if (action?.control === control && begun.has(id)) {
      watched.failed++;
      left.delete(id);
    } else if (!entry || begun.has(id)) {
      left.delete(id);
    }
  }

  #send(request: DashboardRequest): Promise<boolean> {
    return this.#request(() => this.#model.send(request));
  }

  /** Sends something to the kernel; returns whether it was accepted. */
  async #request(send: () => unknown): Promise<boolean> {
    this.#waiting++;
    this.#refusal = null;
    this.#changed();
    try {
      await send();
      return true;
    } catch (error) {
      this.#refusal = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.#waiting--;
      this.#changed();
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function resultOf({ control, total, failed }: Watched): string {
  const done = total - failed;
  const parts = [
    done > 0 && `${RESULTS[control]} ${countProcesses(done)}`,
    failed > 0 && `${failed} failed`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** Returns "1 process", "2 processes". */
export function countProcesses(count: number): string {
  return count === 1 ? "1 process" : `${count} processes`;
}
