/** The side of VS Code's Jupyter extension that runs in the page. */

import { ProxyKernel } from "./proxy_kernel.ts";
import type { ToExtension, ToPage } from "./post_office.ts";

/** The output that shows a view. */
export interface View {
  readonly model_id: string;
}

interface Manager {
  has_model(id: string): boolean;
  get_model(id: string): Promise<unknown>;
  create_view(model: unknown, options: object): Promise<unknown>;
  display_view(data: View, view: unknown, options: object): Promise<unknown>;
  dispose(): void;
}

/** The globals of `@vscode/jupyter-ipywidgets8` and `requirejs`. */
interface Globals {
  readonly vscIPyWidgets: {
    readonly WidgetManager: new (
      kernel: ProxyKernel,
      element: HTMLElement,
      scripts: object,
      log: () => void,
    ) => Manager;
  };
  readonly requirejs: { config(config: object): void };
}

/** Draws the widgets of a notebook. */
export class Webview {
  readonly #port: MessagePort;
  readonly #scripts: Record<string, string>;
  #kernel: ProxyKernel | undefined;
  #manager: Manager | undefined;
  #connected = Promise.withResolvers<void>();

  /** @param scripts The address of each widget's script, without ".js". */
  constructor(port: MessagePort, scripts: Record<string, string>) {
    this.#port = port;
    this.#scripts = scripts;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** Draws a view when its model exists. */
  async render(data: View, element: HTMLElement): Promise<void> {
    await this.#connected.promise;
    const manager = this.#manager!;
    await this.#modelOpened(manager, data.model_id);
    const model = await manager.get_model(data.model_id);
    const view = await manager.create_view(model, { el: element });
    await manager.display_view(data, view, { node: element });
  }

  #modelOpened(manager: Manager, id: string): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!manager.has_model(id)) return;
        this.#kernel?.iopubMessage.disconnect(check);
        resolve();
      };
      this.#kernel?.iopubMessage.connect(check);
      check();
    });
  }

  #receive(message: ToPage): void {
    switch (message.type) {
      case "kernel":
        this.#kernel = new ProxyKernel(
          message.options,
          (data) => this.#post({ type: "send", data }),
        );
        this.#manager = this.#newManager(this.#kernel);
        return this.#connected.resolve();
      case "restart":
        this.#connected = Promise.withResolvers();
        this.#manager?.dispose();
        return this.#kernel?.dispose();
      default:
        this.#kernel?.receive(message);
        if (message.type === "mirror") {
          this.#post({ type: "mirrored", id: message.id });
        }
    }
  }

  #newManager(kernel: ProxyKernel): Manager {
    const globals = globalThis as unknown as Globals;
    const scripts = {
      widgetsRegisteredInRequireJs: new Set(),
      loadWidgetScript: (name: string) => {
        const paths = { [name]: this.#scripts[name] };
        globals.requirejs.config({ paths });
        return Promise.resolve();
      },
      successHandler() {},
      errorHandler: (...details: unknown[]) => console.error(...details),
    };
    const { WidgetManager } = globals.vscIPyWidgets;
    return new WidgetManager(kernel, document.body, scripts, () => {});
  }

  #post(message: ToExtension): void {
    this.#port.postMessage(message);
  }
}
