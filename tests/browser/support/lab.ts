/** JupyterLab or Notebook 7 in a browser. */
import { join, relative } from "@std/path";
import type { Browser, Page } from "playwright-core";
import {
  type JupyterAddress,
  type JupyterOptions,
  type JupyterServer,
  startJupyter,
} from "../../../.tasks/jupyter.ts";
import {
  capture,
  ROOT,
  VENV_BIN,
  venvProgram,
} from "../../../.tasks/project.ts";
import { borrowServer } from "../../../.tasks/shared_jupyter.ts";
import { toNotebook } from "../../notebook_file.ts";
import { startBrowser } from "./browser.ts";
import { type Notebook, openNotebook, type OpenOptions } from "./notebook.ts";

/** The front ends of a Jupyter server. */
export type App = "lab" | "notebook";

/** Options of {@linkcode Lab.start}. */
export interface LabOptions {
  /** The front end. Default: "lab". */
  app?: App;
  /** The server to use. Default: a shared one, or else a new one. */
  server?: JupyterAddress;
  /** Whether to record the requests of its pages. Default: false. */
  requests?: boolean;
  /** The browser's program. Default: the tests' Chromium. */
  browser?: string;
  /** Signs in to a server that asks for a user, in a page that it opens. */
  signIn?: (page: Page) => Promise<void>;
}

/** A Jupyter front end, a browser, and a folder for notebooks. */
export class Lab implements AsyncDisposable {
  readonly #app: App;
  readonly #server: JupyterAddress;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #cleanUp: AsyncDisposableStack;
  readonly #options: OpenOptions;
  #notebooks = 0;

  private constructor(
    app: App,
    server: JupyterAddress,
    browser: Browser,
    folder: string,
    cleanUp: AsyncDisposableStack,
    options: OpenOptions,
  ) {
    this.#app = app;
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#cleanUp = cleanUp;
    this.#options = options;
  }

  /** Starts a browser, and a server unless one is shared or given. */
  static async start(
    { app = "lab", server, requests, browser: program, signIn }: LabOptions =
      {},
  ): Promise<Lab> {
    await using stack = new AsyncDisposableStack();
    server ??= await borrowServer(stack, app) ??
      await startServer(stack, { app });
    // Below the project, so that the kernel finds its deno.json; not hidden,
    // because Jupyter does not serve hidden folders.
    const folder = await tempDir(stack, join(ROOT, "tests", "browser"));
    const browser = await startBrowser(program);
    stack.defer(() => browser.close());
    const storageState = signIn ? await signedIn(browser, signIn) : undefined;
    const options = { requests, storageState };
    return new Lab(app, server, browser, folder, stack.move(), options);
  }

  /** The port of its server. */
  get port(): number {
    return Number(new URL(this.#server.url).port);
  }

  /** Opens a new notebook with these code cells in a new browser context. */
  open(...cells: string[]): Promise<Notebook> {
    return this.openThrough(this.port, ...cells);
  }

  /** Opens a new notebook through a port that forwards to the server. */
  async openThrough(port: number, ...cells: string[]): Promise<Notebook> {
    return await this.#open(await this.#write(cells), port);
  }

  /**
   * Opens a new notebook that nbconvert has executed and saved, so that its
   * kernel has exited.
   *
   * @param trusted Whether the notebook is marked as trusted.
   */
  async openExecuted(
    { trusted }: { trusted: boolean },
    ...cells: string[]
  ): Promise<Notebook> {
    const path = await this.#write(cells);
    const { stateFolder } = this.#server;
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
    await Deno.writeTextFile(path, JSON.stringify(toNotebook(cells)));
    return path;
  }

  async #open(path: string, port: number): Promise<Notebook> {
    const view = this.#app === "lab" ? "lab/tree" : "notebooks";
    const file = `${view}/${relative(ROOT, path)}`;
    const { token } = this.#server;
    const url = new URL(this.#server.url);
    url.port = String(port);
    const address = { url: url.href, token };
    return await openNotebook(this.#browser, address, file, this.#options);
  }

  /** Opens an open notebook once more, in a new browser context. */
  async again(notebook: Notebook): Promise<Notebook> {
    return await openNotebook(this.#browser, this.#server, notebook.view);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** Returns the cookies of a user who has signed in. */
async function signedIn(
  browser: Browser,
  signIn: (page: Page) => Promise<void>,
): Promise<OpenOptions["storageState"]> {
  const context = await browser.newContext();
  await signIn(await context.newPage());
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Starts a server that stops when `stack` is disposed of. */
export async function startServer(
  stack: AsyncDisposableStack,
  options: Omit<JupyterOptions, "stateFolder"> = {},
): Promise<JupyterServer> {
  const stateFolder = await tempDir(stack);
  return stack.use(await startJupyter({ ...options, stateFolder }));
}

async function tempDir(
  stack: AsyncDisposableStack,
  dir?: string,
): Promise<string> {
  const path = await Deno.makeTempDir({ dir, prefix: "run-" });
  stack.defer(() => Deno.remove(path, { recursive: true }));
  return path;
}
