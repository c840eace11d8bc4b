/** A page with a front end and a model, but without Jupyter. */
import type { Page } from "playwright-core";
import * as dashboard from "../../../frontend/dist/dashboard.ts";
import * as card from "../../../frontend/dist/widget.ts";
import { wrapModule } from "../../../jupyter/model_state.ts";
import type { DashboardTraits } from "../../../widget/dashboard/traits.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import { RUNNING } from "../../unit/traits.ts";
import { startBrowser } from "./browser.ts";
import { Widget } from "./widget.ts";

/** Traits as a kernel sends them, including patches. */
export type State = Partial<ProcessTraits> & Record<string, unknown>;

/** Globals of the page that tests call. */
export interface PageGlobals {
  receive(state: Record<string, unknown>): void;
  /** The values of the model's traits. */
  traits: Record<string, unknown>;
  /** What the front end has sent with `send`. */
  sent: unknown[];
}

/** Options of {@linkcode BarePage.openDashboard}. */
export interface BareDashboardOptions {
  /** Whether the page seems to reach a kernel, which accepts every request. Default:
   * true. */
  reachable?: boolean;
  /** The size of the window. */
  viewport?: { width: number; height: number };
  /** Whether it has a touch screen and no pointer. Default: false. */
  isTouch?: boolean;
}

/** A front end as a page loads it. */
interface Bundle {
  readonly esm: string;
  readonly css: string;
  readonly traits: Record<string, unknown>;
  readonly reachable: boolean;
}

/** A page that shows one widget. */
export class BarePage implements AsyncDisposable {
  readonly page: Page;
  readonly widget: Widget;
  /** Errors that the page has thrown or printed. */
  readonly errors: string[] = [];
  readonly #close: () => Promise<void>;

  private constructor(page: Page, close: () => Promise<void>) {
    this.page = page;
    this.widget = new Widget(page, 0);
    this.#close = close;
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /**
   * Draws a widget of a running process with these traits, wrapped as the kernel
   * sends it, in a page that cannot reach the kernel.
   */
  static openWrapped(traits: State = {}): Promise<BarePage> {
    const wrapped = { _model_id: "a-model", _heartbeat: 0, ...traits };
    return BarePage.open(wrapped, wrapModule);
  }

  /** Draws a widget of a running process with these traits. */
  static open(
    traits: State = {},
    wrap = (esm: string) => esm,
  ): Promise<BarePage> {
    const all = { ...RUNNING, ...traits };
    const { esm, css } = card;
    return BarePage.#load({
      esm: wrap(esm),
      css,
      traits: all,
      reachable: false,
    });
  }

  /** Draws a dashboard with these traits. */
  static openDashboard(
    traits: DashboardTraits,
    { reachable = true, ...window }: BareDashboardOptions = {},
  ): Promise<BarePage> {
    const { esm, css } = dashboard;
    return BarePage.#load({ esm, css, traits, reachable }, window);
  }

  static async #load(
    bundle: Bundle,
    {
      viewport = { width: 1000, height: 800 },
      isTouch: hasTouch = false,
    }: Omit<BareDashboardOptions, "reachable"> = {},
  ): Promise<BarePage> {
    const browser = await startBrowser();
    const isMobile = hasTouch;
    const page = await browser.newPage({ viewport, hasTouch, isMobile });
    const bare = new BarePage(page, () => browser.close());
    await page.setContent('<meta charset="utf-8"><div id="widget"></div>');
    await page.addStyleTag({ content: bundle.css });
    await page.evaluate(start, bundle);
    return bare;
  }

  /** Delivers traits to the model. */
  async receive(state: Record<string, unknown>): Promise<void> {
    await this.page.evaluate((state) => {
      (globalThis as unknown as PageGlobals).receive(state);
    }, state);
  }

  /** Returns what the front end has sent so far. */
  async sent(): Promise<Record<string, unknown>[]> {
    return await this.page.evaluate(() => {
      const { sent } = globalThis as unknown as PageGlobals;
      return sent as Record<string, unknown>[];
    });
  }

  /** Returns the value of a trait in the page's model. */
  async trait(name: string): Promise<unknown> {
    return await this.page.evaluate(
      (name) => (globalThis as unknown as PageGlobals).traits[name],
      name,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

/** Runs in the page: loads the front end as anywidget does. */
async function start({ esm, traits, reachable }: Bundle): Promise<void> {
  const listeners = new Map<string, Set<() => void>>();
  const globals = globalThis as unknown as PageGlobals;
  const notify = (event: string) =>
    listeners.get(event)?.forEach((listener) => listener());
  const model = {
    get: (trait: string) => traits[trait],
    set: (trait: string, value: unknown) => globals.receive({ [trait]: value }),
    save_changes: () => Promise.resolve(),
    send: (content: unknown) => {
      globals.sent.push(content);
      return Promise.resolve();
    },
    on(event: string, listener: () => void) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event)!.add(listener);
    },
    off(event: string, listener: () => void) {
      listeners.get(event)?.delete(listener);
    },
    widget_manager: {},
  };
  globals.sent = [];
  globals.traits = traits;
  globals.receive = (state) => {
    Object.assign(traits, state);
    for (const trait of Object.keys(state)) notify(`change:${trait}`);
    notify("change");
  };
  const uplink = reachable
    ? {
      available: true,
      state: "ready",
      heardAt: null,
      resync: () => {},
      watch: () => {},
    }
    : undefined;
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: define } = await import(url);
  const { initialize, render } = await define();
  const { signal } = new AbortController();
  await initialize({ model, signal, uplink });
  const el = document.getElementById("widget");
  await render({ model, el, signal, uplink });
}
