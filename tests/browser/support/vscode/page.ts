/** A notebook in a page as VS Code's Jupyter extension sets it up. */

import type { KernelMessage } from "@jupyterlab/services";
import { Extension, type Server } from "./extension.ts";
import { type View, Webview } from "./webview.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

/** What tests call in the page. */
export interface Notebook {
  /** Starts a kernel. */
  start(server: Server, scripts: Record<string, string>): Promise<void>;
  /** Runs a cell, and resolves when it has ended. */
  run(code: string): Promise<void>;
  restart(): Promise<void>;
  shutdown(): Promise<void>;
}

let extension: Extension;
let webview: Webview;

const notebook: Notebook = {
  async start(server, scripts) {
    const { port1, port2 } = new MessageChannel();
    webview = new Webview(port1, scripts);
    extension = new Extension(port2, server);
    await extension.start();
  },
  async run(code) {
    const cell = document.body.appendChild(document.createElement("div"));
    cell.className = "cell";
    await extension.run(code, (message) => show(message, cell));
  },
  restart: () => extension.restart(),
  shutdown: () => extension.shutdown(),
};

Object.assign(globalThis, { notebook });

/** Appends the output of a message to a cell. */
function show(message: KernelMessage.IIOPubMessage, cell: HTMLElement): void {
  const print = (text: string) => {
    cell.appendChild(document.createElement("pre")).textContent = text;
  };
  const content = message.content as {
    text?: string;
    ename?: string;
    data?: Record<string, unknown>;
  };
  switch (message.header.msg_type) {
    case "stream":
      return print(content.text!);
    case "error":
      return print(content.ename!);
    case "display_data":
    case "execute_result": {
      const view = content.data![VIEW] as View | undefined;
      if (!view) return print(String(content.data!["text/plain"]));
      const output = cell.appendChild(document.createElement("div"));
      output.className = "cell-output-ipywidget-background";
      webview.render(view, output);
    }
  }
}
