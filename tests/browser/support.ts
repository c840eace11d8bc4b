import { join, relative } from "@std/path";
import { type Browser, chromium, type Page } from "playwright-core";
import { ensureBrowser } from "../../.tasks/browser.ts";
import {
  type JupyterOptions,
  type JupyterServer,
  startJupyter,
} from "../../.tasks/jupyter.ts";
import { capture, ROOT, VENV_BIN, venvProgram } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { PageRecord } from "./page_record.ts";

/** Where the screenshots of a run are. */
export const SCREENSHOTS: string = join(
  ROOT,
  "tests",
  "browser",
  "screenshots",
);

const BROWSER_FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Options of {@linkcode Lab.start}. */
export interface LabOptions {
  /** Which front end. Default: "lab". */
  app?: "lab" | "notebook";
  /** A folder of Jupyter data that comes before the environment's own. */
  dataFolder?: string;
}

/** Starts a browser that talks to nobody but the pages it is given. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await ensureBrowser(),
    args: BROWSER_FLAGS,
    chromiumSandbox: Deno.uid() !== 0,
  });
}

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

/** A JupyterLab, a browser, and a folder for notebooks. */
export class Lab implements AsyncDisposable {
  readonly #options: JupyterOptions;
  #server: JupyterServer;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #cleanUp: AsyncDisposableStack;
  #notebooks = 0;

  private constructor(
    options: JupyterOptions,
    server: JupyterServer,
    browser: Browser,
    folder: string,
    cleanUp: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#cleanUp = cleanUp;
    cleanUp.defer(() => this.#server.stop());
  }

  static async start(options: LabOptions = {}): Promise<Lab> {
    const { app = "lab", dataFolder } = options;
    await using stack = new AsyncDisposableStack();
    const stateFolder = await tempDir(stack);
    // Below the project, so that the kernel finds its deno.json; not hidden, as
    // Jupyter would not serve it.
    const folder = await tempDir(stack, join(ROOT, "tests", "browser"));
    const jupyter = { app, stateFolder, dataFolder };
    const browser = await startBrowser();
    stack.defer(() => browser.close());
    const server = await startJupyter(jupyter);
    return new Lab(jupyter, server, browser, folder, stack.move());
  }

  /** Stops the server, and with it its kernels. */
  async stopServer(): Promise<void> {
    await this.#server.stop();
  }

  /** Starts the server again, where the pages look for it. */
  async startServer(): Promise<void> {
    const { port } = this;
    const { token } = this.#server;
    this.#server = await startJupyter({ ...this.#options, port, token });
  }

  /** The port of its server. */
  get port(): number {
    return Number(new URL(this.#server.url).port);
  }

  /** Opens a new notebook with these code cells in a browser of its own. */
  open(...cells: string[]): Promise<Notebook> {
    return this.openThrough(this.port, ...cells);
  }

  /** Opens a new notebook by another port that leads to the server. */
  async openThrough(port: number, ...cells: string[]): Promise<Notebook> {
    return await this.#open(await this.#write(cells), port);
  }

  /**
   * Opens a new notebook that was executed and saved by nbconvert, whose kernel
   * has ended.
   *
   * @param trusted Whether it is said to be harmless, like one's own.
   */
  async openExecuted(
    { trusted }: { trusted: boolean },
    ...cells: string[]
  ): Promise<Notebook> {
    const path = await this.#write(cells);
    const { stateFolder } = this.#options;
    const env = {
      PATH: `${VENV_BIN}:${Deno.env.get("PATH")}`,
      JUPYTER_PREFER_ENV_PATH: "1",
      JUPYTER_CONFIG_DIR: join(stateFolder, "config"),
      JUPYTER_DATA_DIR: join(stateFolder, "data"),
    };
    const execute = ["--execute", "--to=notebook", "--inplace", path];
    await capture(venvProgram("jupyter-nbconvert"), execute, { env });
    if (trusted) await capture(venvProgram("jupyter-trust"), [path], { env });
    return await this.#open(path, this.port);
  }

  async #write(cells: string[]): Promise<string> {
    const path = join(this.#folder, `notebook-${++this.#notebooks}.ipynb`);
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(cells)));
    return path;
  }

  async #open(path: string, port: number): Promise<Notebook> {
    const view = this.#options.app === "lab" ? "lab/tree" : "notebooks";
    const file = `${view}/${relative(ROOT, path)}`;
    const { token } = this.#server;
    const url = new URL(this.#server.url);
    url.port = String(port);
    return await openNotebook(this.#browser, { url: url.href, token }, file);
  }

  /** Opens a notebook in another browser too. */
  async again(notebook: Notebook): Promise<Notebook> {
    return await openNotebook(this.#browser, this.#server, notebook.view);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

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

/** A widget in a page, as a reader finds its parts. */
export class Widget {
  readonly #page: Page;
  readonly #index: number;

  constructor(page: Page, index: number) {
    this.#page = page;
    this.#index = index;
  }

  get root() {
    return this.#page.locator(".process-widget").nth(this.#index);
  }

  fact(name: string) {
    return this.root.locator(`[data-fact="${name}"]`);
  }

  log(stream: "stdout" | "stderr") {
    return this.root.locator(`[data-stream="${stream}"]`);
  }

  lines(stream: "stdout" | "stderr" = "stdout") {
    return this.log(stream).locator(".pw-line");
  }

  notice(kind: string) {
    return this.root.locator(`[data-notice="${kind}"]`);
  }

  /** The status that the widget shows now. */
  status(): Promise<string | null> {
    return this.root.getAttribute("data-status");
  }

  /** Waits until the widget shows this status. */
  async hasStatus(status: string, timeout: number): Promise<void> {
    await this.#page.locator(".process-widget").nth(this.#index).and(
      this.#page.locator(`[data-status="${status}"]`),
    ).waitFor({ timeout });
  }

  /** Waits until the widget says that it stands so to its kernel. */
  async hasLink(state: string, timeout: number): Promise<void> {
    await this.root.and(this.#page.locator(`[data-link="${state}"]`))
      .waitFor({ timeout });
  }

  /** Waits until a log shows this text. */
  async shows(text: string, timeout: number): Promise<void> {
    await this.lines().filter({ hasText: text }).first().waitFor({ timeout });
  }
}

function notebookOf(cells: string[]) {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
    },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}

async function tempDir(
  stack: AsyncDisposableStack,
  dir?: string,
): Promise<string> {
  const path = await Deno.makeTempDir({ dir, prefix: "run-" });
  stack.defer(() => Deno.remove(path, { recursive: true }));
  return path;
}
