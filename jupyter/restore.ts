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

/** The longest time between two offers, in milliseconds. */
const MAX_OFFER_INTERVAL_MS = 10_000;

/** How long a page may take to create the models of an offer, in milliseconds. */
const CREATE_MS = 1000;

/** How long a page can answer a probe, in milliseconds. */
const PROBE_MS = 15_000;

/** The page whose answer ends the probing: any, or one that is not open yet. */
export type AwaitedPage = "any page" | "new page";

/** A widget whose model can be restored. */
export interface ModelSource {
  /** Returns the state with which a page creates the model. */
  modelState(): JsonObject;
  /** Sends all traits to all pages. */
  resync(): void;
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
 *
 * Voila opens its page when all cells have run, and drops what the page sends. So
 * there the kernel sends *offers*: probes that contain the states of all models.
 */
export class Restorer {
  readonly #widgets: ReadonlyMap<string, ModelSource>;
  readonly #openPages = new Set<string>();
  readonly #probes = new Map<string, Comm>();
  #awaited: AwaitedPage | null = null;
  #awaitedSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #offersSince = 0;
  #offers: ReturnType<typeof setTimeout> | undefined;

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

  /** Sends offers from now on, if that is the only way to reach a page. */
  offer(): void {
    if (!inVoila()) return;
    this.#offersSince = performance.now();
    clearTimeout(this.#offers);
    this.#scheduleOffer();
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
    const states = this.#states(missing);
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
    this.#timer = setTimeout(() => {
      if (this.#widgets.size === 0) return this.#stop();
      const isNewAwaited = this.#awaited === "new page";
      this.#sendProbe(isNewAwaited ? [...this.#openPages] : []);
      this.#scheduleProbe();
    }, intervalAfter(this.#awaitedSince, MAX_INTERVAL_MS));
  }

  #scheduleOffer(): void {
    this.#offers = setTimeout(() => {
      if (this.#widgets.size === 0) return;
      this.#sendProbe([], this.#states(this.#widgets.keys()));
      // The models do not get updates that are sent before they are created.
      setTimeout(() => {
        for (const widget of this.#widgets.values()) widget.resync();
      }, CREATE_MS);
      this.#scheduleOffer();
    }, intervalAfter(this.#offersSince, MAX_OFFER_INTERVAL_MS));
  }

  #states(ids: Iterable<string>): JsonObject {
    const states: JsonObject = {};
    for (const id of ids) {
      const widget = this.#widgets.get(id);
      if (widget) states[id] = widget.modelState();
    }
    return states;
  }

  /**
   * @param quietPages The pages that answer only if a model is missing; null for
   * all pages.
   * @param offered The states of models to create without an answer.
   */
  #sendProbe(
    quietPages: readonly string[] | null,
    offered: JsonObject = {},
  ): void {
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
      offered,
    };
    comm.open({ state, buffer_paths: [] }, { version: PROTOCOL_VERSION });
  }
}

/** Returns the time until the next message to a page that has been awaited since
 * a time. */
function intervalAfter(since: number, longest: number): number {
  const waited = performance.now() - since;
  const interval = Math.max(waited * INTERVAL_PER_WAIT, MIN_INTERVAL_MS);
  return Math.min(interval, longest);
}

/** Returns whether Voila has started this kernel. */
function inVoila(): boolean {
  // Voila 0.5 sets it for every kernel, to "True" or "False".
  return inKernel() && Deno.env.has("VOILA_PREHEAT");
}
