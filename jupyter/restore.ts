import { ANYWIDGET_STATE, PROTOCOL_VERSION } from "./any_model.ts";
import { Comm, inKernel } from "./comm.ts";
import esm from "./dist/restore_module.js" with { type: "text" };
import type { JsonObject, KernelMessage } from "./protocol.ts";
import type { Receiver } from "./registry.ts";

/** Between two offers, in milliseconds: a page that has come back asks for its
 * models for 4 s and then shows errors, until it gets them. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/** The wait for a page grows with the time that it has been away. */
const SHARE_OF_ABSENCE = 1 / 20;

/** So long an offer is there for a page to answer, in milliseconds. */
const OPEN_MS = 15_000;

/** Whose answer ends an offer: that of any page, or of one not known yet. */
export type Audience = "anyone" | "newcomers";

type Claim = Extract<KernelMessage, { method: "claim" }>;

/**
 * Offers the kernel's widgets to pages that have lost them: reloaded ones, and
 * notebooks that were closed and opened again.
 *
 * A page asks the kernel for its widgets when it loads, but the Deno kernel
 * answers for itself, with none. Nor can the kernel simply open the comms again:
 * every page hears that, and a page that has the model would replace it and
 * leave its views dead. So an offer is a small model of its own, which tells
 * from inside a page which models that page lacks, gets these, and makes them.
 */
export class Offers {
  readonly #widgets: ReadonlyMap<string, Receiver>;
  /** Pages that have views, or had them. */
  readonly #known = new Set<string>();
  readonly #open = new Map<string, Comm>();
  #audience: Audience | null = null;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(widgets: ReadonlyMap<string, Receiver>) {
    this.#widgets = widgets;
  }

  /** Offers the widgets again and again until a page of the audience answers. */
  start(audience: Audience): void {
    if (!inKernel()) return;
    // Waiting for a newcomer is not over because someone else is there.
    if (this.#audience !== "newcomers") this.#audience = audience;
    this.#since = performance.now();
    clearTimeout(this.#timer);
    this.#wait();
  }

  /** Offers the widgets once, to pages that came without telling of it. */
  once(): void {
    if (inKernel()) this.#offer(null);
  }

  /** A page has shown that it is there. One that is new may lack what others
   * have. */
  known(page: string): void {
    if (!this.#known.has(page) && this.#widgets.size > 1) this.once();
    this.#known.add(page);
  }

  /** A page was left. */
  forget(page: string): void {
    this.#known.delete(page);
  }

  /** A page has got an offer: it is sent what it lacks. */
  claimed({ page, offer, missing }: Claim): void {
    const states: JsonObject = {};
    for (const id of missing) {
      const widget = this.#widgets.get(id);
      if (widget) states[id] = widget.modelState();
    }
    this.#open.get(offer)?.send({ method: "custom", content: { states } });
    const awaited = this.#audience === "anyone" || !this.#known.has(page);
    if (awaited || missing.length > 0) this.#stop();
    this.#known.add(page);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#audience = null;
  }

  #wait(): void {
    const away = performance.now() - this.#since;
    const delay = Math.max(away * SHARE_OF_ABSENCE, SHORTEST_MS);
    this.#timer = setTimeout(() => {
      if (this.#widgets.size === 0) return this.#stop();
      this.#offer(this.#audience === "newcomers" ? [...this.#known] : []);
      this.#wait();
    }, Math.min(delay, LONGEST_MS));
  }

  /**
   * @param known The pages that need not answer if they lack nothing; null for
   * all.
   */
  #offer(known: readonly string[] | null): void {
    const comm = new Comm("jupyter.widget");
    this.#open.set(comm.id, comm);
    setTimeout(() => {
      comm.close();
      this.#open.delete(comm.id);
    }, OPEN_MS);
    const state = {
      ...ANYWIDGET_STATE,
      _anywidget_id: "deno-anywidget-offer",
      _esm: esm,
      _css: "",
      offer: comm.id,
      models: [...this.#widgets.keys()],
      known,
    };
    comm.open({ state, buffer_paths: [] }, { version: PROTOCOL_VERSION });
  }
}
