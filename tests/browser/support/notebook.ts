/** A notebook in a browser, operated as a person does. */
import { join } from "@std/path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { JupyterAddress } from "../../../.tasks/jupyter.ts";
import { ROOT } from "../../../.tasks/project.ts";
import { until } from "../../files/support.ts";
import type { NotebookFile } from "../../notebook_file.ts";
import { PageRecord } from "./page_record.ts";
import { Widget } from "./widget.ts";

/** Options of {@linkcode openNotebook}. */
export interface OpenOptions {
  /** Whether to record the requests of the page. Default: false. */
  requests?: boolean;
  /** The cookies of a user who has signed in. Default: none. */
  storageState?: BrowserContextOptions["storageState"];
}

/** Opens a notebook of a Jupyter server in a new browser context. */
export async function openNotebook(
  browser: Browser,
  server: Address,
  view: string,
  { requests = false, storageState }: OpenOptions = {},
): Promise<Notebook> {
  const viewport = { width: 1200, height: 900 };
  const context = await browser.newContext({ viewport, storageState });
  const page = await context.newPage();
  const record = await PageRecord.start(page, { requests });
  const url = new URL(view, server.url);
  url.searchParams.set("token", server.token);
  // Keeps JupyterLab from opening the tabs of an earlier page.
  url.searchParams.set("reset", "");
  const notebook = new Notebook(page, record, server, url);
  await notebook.visit();
  return notebook;
}

/** Address of a Jupyter server, and the secret that grants access. */
export type Address = Pick<JupyterAddress, "url" | "token">;

/** A session of the Jupyter server: which kernel a notebook has. */
interface Session {
  readonly path: string;
  readonly kernel: {
    readonly connections: number;
    readonly execution_state: string;
  };
}

/** An open notebook with its kernel. */
export class Notebook implements AsyncDisposable {
  readonly page: Page;
  /** Errors of the page, and its requests if they are recorded. */
  readonly record: PageRecord;
  readonly #server: Address;
  readonly #url: URL;

  constructor(page: Page, record: PageRecord, server: Address, url: URL) {
    this.page = page;
    this.record = record;
    this.#server = server;
    this.#url = url;
  }

  /** Its address, relative to the server's. */
  get view(): string {
    return this.#url.pathname.slice(1);
  }

  /** Opens the page, as from a bookmark, and waits until cells can be run. */
  async visit(): Promise<void> {
    await this.page.goto(this.#url.href);
    await this.page.locator(".jp-Notebook .jp-CodeCell").first().waitFor();
    await this.kernelIsReady();
  }

  /**
   * Waits until the page is connected to an idle kernel. Until then, JupyterLab
   * runs no cell.
   */
  async kernelIsReady(): Promise<void> {
    const idle = '[data-status="idle"].jp-Notebook-ExecutionIndicator';
    await this.page.locator(idle).first().waitFor();
    await this.kernelIsIdle();
  }

  /**
   * Waits until the server reports this notebook's kernel as idle. Other notebooks
   * may have kernels, and a kernel that is shut down while it restarts keeps
   * running.
   */
  async kernelIsIdle(): Promise<void> {
    const isReady = async () => {
      const sessions: readonly Session[] =
        await (await this.api("api/sessions"))
          .json();
      const own = sessions.filter(({ path }) =>
        // Shared notebooks are on a drive of another name.
        this.#url.pathname.endsWith(`/${path.replace(/^RTC:/, "")}`)
      );
      return own.length > 0 &&
        own.every(({ kernel }) =>
          kernel.connections > 0 && kernel.execution_state === "idle"
        );
    };
    await until(isReady, 30_000);
  }

  /** Starts a cell by keyboard; does not wait until it has finished. */
  async run(index: number): Promise<void> {
    const editor = this.page.locator(".jp-CodeCell .cm-editor").nth(index);
    await editor.locator(".cm-content").click();
    await editor.and(this.page.locator(".cm-focused")).waitFor();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Replaces the code of a cell, and starts it by keyboard. */
  async runCode(index: number, code: string): Promise<void> {
    const cell = this.page.locator(".jp-CodeCell .cm-content").nth(index);
    await cell.fill(code);
    await this.run(index);
  }

  /** Runs all cells from the menu. */
  async runAll(): Promise<void> {
    await this.choose("Run", "Run All Cells");
  }

  /** Chooses an item from the menus. */
  async choose(menu: string, ...items: string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar").getByText(menu).click();
    for (const item of items) {
      await this.page.locator(".lm-Menu-itemLabel")
        .getByText(item, { exact: true }).click();
    }
  }

  /** Saves the notebook with its outputs, so that a reload keeps them. */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse((response) =>
      response.request().method() === "PUT" &&
      response.url().includes("/api/contents/")
    );
    await this.page.keyboard.press("Control+S");
    await saved;
  }

  /** Reads the notebook's file. */
  async read(): Promise<NotebookFile> {
    const path = this.#url.pathname.replace(/^\/(lab\/tree|notebooks)/, "");
    return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
  }

  /** Returns the page's widget at `index`. */
  widget(index = 0): Widget {
    return new Widget(this.page, index);
  }

  /** Sends a request to the server's API. */
  async api(path: string, init: RequestInit = {}): Promise<Response> {
    return await fetch(new URL(path, this.#server.url), {
      signal: AbortSignal.timeout(30_000),
      ...init,
      headers: { Authorization: `token ${this.#server.token}` },
    });
  }

  /** Closes the page and shuts its kernel down. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
    const response = await this.api("api/sessions");
    for (const { id } of await response.json()) {
      const reply = await this.api(`api/sessions/${id}`, { method: "DELETE" });
      await reply.body?.cancel();
    }
  }
}
