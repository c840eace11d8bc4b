/** Reports to the kernel which rows a view displays. */

import type {
  DashboardRequest,
  RowId,
} from "../../../widget/dashboard/traits.ts";

/** Minimum time between two reports, in milliseconds. */
const INTERVAL = 500;

/** Sends the rows of one view when they change, but not too often. */
export class VisibleRows {
  readonly #send: (request: DashboardRequest) => boolean;
  readonly #view = crypto.getRandomValues(new Uint32Array(2)).join("");
  #ids: readonly RowId[] = [];
  #sent = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param send Sends a request, and returns whether the kernel can be reached. */
  constructor(send: (request: DashboardRequest) => boolean) {
    this.#send = send;
  }

  /** Reports the displayed rows, now or soon. */
  report(ids: readonly RowId[]): void {
    this.#ids = ids;
    this.#timer ??= setTimeout(() => this.#flush());
  }

  /** Reports that the view is gone. */
  close(): void {
    clearTimeout(this.#timer);
    this.#ids = [];
    this.#flush();
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    const ids = [...new Set(this.#ids)];
    const key = [...ids].sort().join();
    if (key === this.#sent) return;
    if (!this.#send({ control: "visible", view: this.#view, ids })) return;
    this.#sent = key;
    this.#timer = setTimeout(() => this.#flush(), INTERVAL);
  }
}
