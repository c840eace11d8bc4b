import { Comm, inKernel } from "./comm.ts";
import { esm } from "./dist/restore_module.ts";
import { ANYWIDGET_STATE, PROTOCOL_VERSION } from "./model_state.ts";
import type { JsonObject, KernelMessage } from "./protocol.ts";

/** The shortest and the longest time between two probes, in milliseconds. A
 * reloaded page waits 4 s for its models and then shows errors until it gets
 * them. */
const MIN_INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 60_000;

/** The interval grows with the time that has passed without an answer. */
const INTERVAL_PER_WAIT = 1 / 20;

/** How long to wait for other pages to report the same newcomer, in milliseconds. */
const SOON_MS = 50;

/** How long a page can answer a probe, in milliseconds. */
const PROBE_MS = 15_000;

/** The page whose answer ends the probing: any, or one that is not open yet. */
export type AwaitedPage = "any page" | "new page";

/** A widget whose model can be restored. */
export interface ModelSource {
  /** Returns the state with which a page creates the model. */
  modelState(): JsonObject;
}

type RestoreMessage = Extract<KernelMessage, { method: "restore" }>;

/**
 * Gives pages the models that they lost: reloaded pages, and notebooks that were
 * closed and opened again.
 *
 * A page that loads requests the kernel's widgets, but the Deno kernel replies
 * with an empty list. Reopening the comms does not help either: every page
 * receives that, and a page that has the model would replace it and disconnect
 * its views. So the kernel sends a *probe*, a model without a view that runs in
 * each page, reports which models the page is missing, and creates them from
 * the states that the kernel sends back.
 *
 * When to send a probe is known when a page was closed, as it may be loading
 * again, and when a page that is open reports a newcomer. A newcomer itself has
 * no way to contact this module before it has a model.
 */
export class Restorer {
  readonly #widgets: ReadonlyMap<string, ModelSource>;
  readonly #openPages = new Set<string>();
  readonly #probes = new Map<string, Comm>();
  #awaited: AwaitedPage | null = null;
  #awaitedSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** Restores these widgets, by the id of their model. */
  constructor(widgets: ReadonlyMap<string, ModelSource>) {
    this.#widgets = widgets;
  }

  /** Sends probes until the awaited page answers. */
  probeUntilAnswered(awaited: AwaitedPage): void {
    if (!inKernel()) return;
    // An answer of any page does not end the wait for a new one.
    if (this.#awaited !== "new page") this.#awaited = awaited;
    this.#awaitedSince = performance.now();
    clearTimeout(this.#timer);
    this.#scheduleProbe();
  }

  /** Sends one probe to all pages. */
  probeOnce(): void {
    if (inKernel()) this.#sendProbe(null);
  }

  /** Sends one probe for all the pages that report a newcomer at this time. */
  probeSoon(): void {
    if (!inKernel()) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#sendProbe([...this.#openPages]);
    }, SOON_MS);
  }

  /** Records that a page is open. A new one may miss models that others have. */
  pageOpened(page: string): void {
    if (!this.#openPages.has(page) && this.#widgets.size > 1) this.probeOnce();
    this.#openPages.add(page);
  }

  /** Records that a page is closing. Until it has closed, it is not a new one. */
  pageClosed(page: string): void {
    setTimeout(() => this.#openPages.delete(page), PROBE_MS);
  }

  /** Sends a page the states of the models that it is missing. */
  restore({ page, probe, missing }: RestoreMessage): void {
    const states: JsonObject = {};
    for (const id of missing) {
      const widget = this.#widgets.get(id);
      if (widget) states[id] = widget.modelState();
    }
    this.#probes.get(probe)?.send({ method: "custom", content: { states } });
    const isAwaited = this.#awaited === "any page" ||
      !this.#openPages.has(page);
    if (isAwaited || missing.length > 0) this.#stop();
    this.#openPages.add(page);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#awaited = null;
  }

  #scheduleProbe(): void {
    const waited = performance.now() - this.#awaitedSince;
    const interval = Math.max(waited * INTERVAL_PER_WAIT, MIN_INTERVAL_MS);
    this.#timer = setTimeout(() => {
      if (this.#widgets.size === 0) return this.#stop();
      const isNewAwaited = this.#awaited === "new page";
      this.#sendProbe(isNewAwaited ? [...this.#openPages] : []);
      this.#scheduleProbe();
    }, Math.min(interval, MAX_INTERVAL_MS));
  }

  /**
   * @param quietPages The pages that answer only if a model is missing; null for
   * all pages.
   */
  #sendProbe(quietPages: readonly string[] | null): void {
    const comm = new Comm("jupyter.widget");
    this.#probes.set(comm.id, comm);
    setTimeout(() => {
      comm.close();
      this.#probes.delete(comm.id);
    }, PROBE_MS);
    const state = {
      ...ANYWIDGET_STATE,
      _anywidget_id: "deno-anywidget-restore",
      _esm: esm,
      _css: "",
      probe: comm.id,
      models: [...this.#widgets.keys()],
      quiet_pages: quietPages,
    };
    comm.open({ state, buffer_paths: [] }, { version: PROTOCOL_VERSION });
  }
}
