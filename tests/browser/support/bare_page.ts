/** A page with the front end and a model, but without Jupyter. */
import type { Page } from "playwright-core";
import { css, esm } from "../../../frontend/dist/widget.ts";
import { wrapModule } from "../../../jupyter/model_state.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import { RUNNING } from "../../unit/traits.ts";
import { startBrowser } from "./browser.ts";
import { Widget } from "./widget.ts";

/** Traits as a kernel sends them, including patches. */
export type State = Partial<ProcessTraits> & Record<string, unknown>;

/** Globals of the page that tests call. */
export interface PageGlobals {
  receive(state: State): void;
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
  static async open(
    traits: State = {},
    wrap = (esm: string) => esm,
  ): Promise<BarePage> {
    const browser = await startBrowser();
    const page = await browser.newPage({
      viewport: { width: 1000, height: 800 },
    });
    const bare = new BarePage(page, () => browser.close());
    await page.setContent('<meta charset="utf-8"><div id="widget"></div>');
    await page.addStyleTag({ content: css });
    const all = { ...RUNNING, ...traits };
    await page.evaluate(start, { esm: wrap(esm), traits: all });
    return bare;
  }

  /** Delivers traits to the model. */
  async receive(state: State): Promise<void> {
    await this.page.evaluate((state) => {
      (globalThis as unknown as PageGlobals).receive(state);
    }, state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

/** Runs in the page: loads the front end as anywidget does. */
async function start(
  { esm, traits }: { esm: string; traits: Record<string, unknown> },
): Promise<void> {
  const listeners = new Map<string, Set<() => void>>();
  const notify = (event: string) =>
    listeners.get(event)?.forEach((listener) => listener());
  const model = {
    get: (trait: string) => traits[trait],
    on(event: string, listener: () => void) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event)!.add(listener);
    },
    off(event: string, listener: () => void) {
      listeners.get(event)?.delete(listener);
    },
    widget_manager: {},
  };
  const globals = globalThis as unknown as PageGlobals;
  globals.receive = (state) => {
    Object.assign(traits, state);
    for (const trait of Object.keys(state)) notify(`change:${trait}`);
    notify("change");
  };
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: define } = await import(url);
  const { initialize, render } = await define();
  const { signal } = new AbortController();
  await initialize({ model, signal });
  await render({ model, el: document.getElementById("widget"), signal });
}
