/** A notebook in VS Code's page, without the rest of VS Code. */
import { dirname, fromFileUrl, join } from "@std/path";
import type { Locator, Page } from "playwright-core";
import type { JupyterAddress } from "../../../.tasks/jupyter.ts";
import { ensureNpmPackage } from "../../../.tasks/npm_package.ts";
import { capture, VENV, venvProgram } from "../../../.tasks/project.ts";
import { startBrowser } from "./browser.ts";
import { PageRecord } from "./page_record.ts";
import type { Notebook } from "./vscode/page.ts";
import { Widget } from "./widget.ts";

/** The widgets of VS Code: `package.json` of its extension Jupyter Notebook
 * Renderers 1.3.0. */
const VSCODE_WIDGETS = ["@vscode/jupyter-ipywidgets8", "1.0.9"] as const;
const REQUIREJS = ["requirejs", "2.3.8"] as const;

/** A theme of VS Code. */
export type ThemeKind =
  | "vscode-light"
  | "vscode-dark"
  | "vscode-high-contrast"
  | "vscode-high-contrast-light";

interface PageGlobals {
  readonly notebook: Notebook;
}

const HTML = `<!doctype html>
<meta charset="utf-8">
<style>
  .cell-output-ipywidget-background { background: white !important; }
</style>
<body class="vscode-light" data-vscode-theme-kind="vscode-light">
<script src="require.js"></script>
<script type="module">
  import { activate } from "./ipywidgets.js";
  activate();
  vscIPyWidgets8.load();
</script>
<script type="module" src="page.js"></script>`;

/**
 * A notebook in a page that consists of the parts that VS Code's own page has:
 * its widget manager, requirejs, anywidget as an AMD module, and a kernel
 * connection that another one mirrors its requests to.
 */
export class VSCodeNotebook implements AsyncDisposable {
  readonly page: Page;
  readonly record: PageRecord;
  readonly #cleanUp: AsyncDisposableStack;

  private constructor(
    page: Page,
    record: PageRecord,
    cleanUp: AsyncDisposableStack,
  ) {
    this.page = page;
    this.record = record;
    this.#cleanUp = cleanUp;
  }

  /** Opens a notebook and starts its kernel. */
  static async open({ url, token }: JupyterAddress): Promise<VSCodeNotebook> {
    await using stack = new AsyncDisposableStack();
    const browser = await startBrowser();
    stack.defer(() => browser.close());
    const page = await browser.newPage({
      viewport: { width: 900, height: 1200 },
      // Chromium does not know that the page is the server's.
      permissions: ["local-network-access"],
    });
    const record = await PageRecord.start(page, { requests: false });
    const folder = new URL("vscode/", url);
    for (const [name, body] of Object.entries(await pageFiles())) {
      const contentType = name.endsWith(".js")
        ? "text/javascript"
        : "text/html";
      await page.route(
        new URL(name, folder).href,
        (route) => route.fulfill({ body, contentType }),
      );
    }
    await page.goto(new URL("index.html", folder).href);
    const scripts = { anywidget: new URL("anywidget", folder).href };
    await page.waitForFunction(() => "notebook" in globalThis);
    await page.evaluate(
      ({ server, scripts }) =>
        (globalThis as unknown as PageGlobals).notebook.start(server, scripts),
      { server: { url, token }, scripts },
    );
    stack.defer(() =>
      page.evaluate(() =>
        (globalThis as unknown as PageGlobals).notebook.shutdown()
      )
    );
    return new VSCodeNotebook(page, record, stack.move());
  }

  /** Runs a cell below the others. */
  async run(code: string): Promise<void> {
    await this.page.evaluate(
      (code) => (globalThis as unknown as PageGlobals).notebook.run(code),
      code,
    );
  }

  /** Restarts the kernel. */
  async restart(): Promise<void> {
    await this.page.evaluate(() =>
      (globalThis as unknown as PageGlobals).notebook.restart()
    );
  }

  /** Returns the output of a cell. */
  output(cell: number): Locator {
    return this.page.locator(".cell").nth(cell);
  }

  /** Returns a widget by the order of the views in the page. */
  widget(index = 0): Widget {
    return new Widget(this.page, index);
  }

  /** Changes the theme and its background as VS Code does. */
  async setTheme(kind: ThemeKind, background: string): Promise<void> {
    await this.page.evaluate(({ kind, background }) => {
      const { style } = document.documentElement;
      style.setProperty("--vscode-editor-background", background);
      document.body.className = kind;
      document.body.dataset.vscodeThemeKind = kind;
    }, { kind, background });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** Returns the files of the page by name. */
async function pageFiles(): Promise<Record<string, string>> {
  const [widgets, requirejs] = await Promise.all([
    ensureNpmPackage(...VSCODE_WIDGETS),
    ensureNpmPackage(...REQUIREJS),
  ]);
  const extensions = join(VENV, "share", "jupyter", "nbextensions");
  const script = fromFileUrl(import.meta.resolve("./vscode/page.ts"));
  const bundle = ["bundle", "--platform", "browser", script];
  const [ipywidgets, require, anywidget, page] = await Promise.all([
    Deno.readTextFile(join(widgets, "dist", "ipywidgets.js")),
    Deno.readTextFile(join(requirejs, "require.js")),
    Deno.readTextFile(join(extensions, "anywidget", "index.js")),
    capture(venvProgram("deno"), bundle, { cwd: dirname(script) }),
  ]);
  return {
    "index.html": HTML,
    "ipywidgets.js": ipywidgets,
    "require.js": require,
    "anywidget.js": anywidget,
    "page.js": page,
  };
}
