/** JupyterLab or Notebook 7, with a browser before it. */
import { join, relative } from "@std/path";
import type { Browser } from "playwright-core";
import {
  type JupyterOptions,
  type JupyterServer,
  startJupyter,
} from "../../.tasks/jupyter.ts";
import { capture, ROOT, VENV_BIN, venvProgram } from "../../.tasks/project.ts";
import { startBrowser } from "./browser.ts";
import { type Notebook, openNotebook } from "./notebook.ts";

/** Options of {@linkcode Lab.start}. */
export interface LabOptions {
  /** Which front end. Default: "lab". */
  app?: "lab" | "notebook";
  /** A folder of Jupyter data that comes before the environment's own. */
  dataFolder?: string;
}

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
