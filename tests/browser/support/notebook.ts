/** A notebook in a browser, used as a person does. */
import { join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import type { JupyterServer } from "../../../.tasks/jupyter.ts";
import { ROOT } from "../../../.tasks/project.ts";
import { until } from "../../files/support.ts";
import { PageRecord } from "./page_record.ts";
import { Widget } from "./widget.ts";

/** Opens a page of a Jupyter server, on a notebook, in a context of its own. */
export async function openNotebook(
  browser: Browser,
  server: Address,
  view: string,
): Promise<Notebook> {
  const viewport = { width: 1200, height: 900 };
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const record = await PageRecord.start(page);
  const url = new URL(view, server.url);
  url.searchParams.set("token", server.token);
  // JupyterLab would open what an earlier page had open.
  url.searchParams.set("reset", "");
  const notebook = new Notebook(page, record, server, url);
  await notebook.visit();
  return notebook;
}

/** Where a Jupyter server is, and the secret that it asks for. */
export type Address = Pick<JupyterServer, "url" | "token">;

/** A notebook in a page, with its own kernel. */
export class Notebook implements AsyncDisposable {
  readonly page: Page;
  /** What the page asked for and printed. */
  readonly record: PageRecord;
  readonly #server: Address;
  readonly #url: URL;

  constructor(page: Page, record: PageRecord, server: Address, url: URL) {
    this.page = page;
    this.record = record;
    this.#server = server;
    this.#url = url;
  }

  /** Its address below that of the server. */
  get view(): string {
    return this.#url.pathname.slice(1);
  }

  /** Goes to the page, as with a bookmark, and waits until it can be used. */
  async visit(): Promise<void> {
    await this.page.goto(this.#url.href);
    await this.page.locator(".jp-Notebook .jp-CodeCell").first().waitFor();
    await this.kernelIsReady();
  }

  /** Waits until the page is connected to a kernel that is idle; before that,
   * JupyterLab runs no cell. */
  async kernelIsReady(): Promise<void> {
    const idle = '[data-status="idle"].jp-Notebook-ExecutionIndicator';
    await this.page.locator(idle).first().waitFor();
    await this.kernelIsIdle();
  }

  /** Waits until the server says that the kernel is idle. One that is ended while
   * it restarts would stay. */
  async kernelIsIdle(): Promise<void> {
    const isReady = async () => {
      const kernels = await (await this.api("api/kernels")).json();
      return kernels.length > 0 && kernels.every((
        kernel: { connections: number; execution_state: string },
      ) => kernel.connections > 0 && kernel.execution_state === "idle");
    };
    await until(isReady, 30_000);
  }

  /** Runs one cell as a person does; does not wait for its end. */
  async run(index: number): Promise<void> {
    const editor = this.page.locator(".jp-CodeCell .cm-editor").nth(index);
    await editor.locator(".cm-content").click();
    await editor.and(this.page.locator(".cm-focused")).waitFor();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Runs all cells from the top, by the menu. */
  async runAll(): Promise<void> {
    await this.choose("Run", "Run All Cells");
  }

  /** Clicks through the menus of JupyterLab. */
  async choose(menu: string, ...items: string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar").getByText(menu).click();
    for (const item of items) {
      await this.page.locator(".lm-Menu-itemLabel")
        .getByText(item, { exact: true }).click();
    }
  }

  /** Saves the notebook with its outputs, which a reload would lose. */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse((response) =>
      response.request().method() === "PUT" &&
      response.url().includes("/api/contents/")
    );
    await this.page.keyboard.press("Control+S");
    await saved;
  }

  /** What is saved of the notebook. */
  async read(): Promise<{ cells: { execution_count: number | null }[] }> {
    const path = this.#url.pathname.replace(/^\/(lab\/tree|notebooks)/, "");
    return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
  }

  /** The `index`th widget of the page. */
  widget(index = 0): Widget {
    return new Widget(this.page, index);
  }

  /** Asks the server's API. */
  async api(path: string, init: RequestInit = {}): Promise<Response> {
    return await fetch(new URL(path, this.#server.url), {
      signal: AbortSignal.timeout(30_000),
      ...init,
      headers: { Authorization: `token ${this.#server.token}` },
    });
  }

  /** Closes the page and ends its kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
    const response = await this.api("api/sessions");
    for (const { id } of await response.json()) {
      const gone = await this.api(`api/sessions/${id}`, { method: "DELETE" });
      await gone.body?.cancel();
    }
  }
}
